"""Three courses as public ones are, with three lines added: released, handed in, marked by `ntk
grade`; every honest submission earns what stock nbgrader gives."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from tests.helpers.classes import ntk_here
from tests.helpers.foreign import STOCK, THREE_LINES, answered, make
from tests.helpers.shapes import SHAPES

pytestmark = pytest.mark.timeout(1800)

RIGHT = {
    "data": {"hw": {"f": "import numpy as np\ndef f(x):\n    return 2 * x", "plot": "import matplotlib.pyplot as plt\ncurve = plt.plot(load())"}},
    "several": {
        **{f"part{i}": {f"f{i}": f"def f(x):\n    return 2 * x\nf{i} = f"} for i in (1, 2, 3)},
        "part4": {"essay": "It is so, since it was so."},
    },
    "steps": {"steps": {name: f"def {name}(x):\n    return 2 * x" for name in "fgh"}},
}  # fmt: skip
WRONG = "def f(x):\n    return x + 1"  # right for 1, not for the hidden 20


def people(shape: str) -> dict[str, dict[str, dict[str, str]]]:
    """{student: {notebook: {place: answer}}}."""
    right = RIGHT[shape]
    partly = {name: dict(answers) for name, answers in right.items()}
    first = next(iter(partly.values()))
    first[next(iter(first))] = WRONG
    return {"right": right, "partly": partly, "blank": {name: {} for name in right}}


def stock_nbgrader(command: str, course: Path) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    ran = subprocess.run(
        [sys.executable, "-m", "nbgrader", command, "ps1"],
        cwd=course,
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, f"{command}\n{ran.stdout}\n{ran.stderr}"


def ntk(course: Path, *arguments: str) -> str:
    ran = ntk_here(course, *arguments)
    assert ran.returncode == 0, f"{arguments}\n{ran.stdout}\n{ran.stderr}"
    return ran.stdout + ran.stderr


def hand_in(course: Path, shape: str) -> None:
    for student, books in people(shape).items():
        folder = course / "submitted" / student / "ps1"
        shutil.copytree(course / "release" / "ps1", folder)  # files beside the notebooks too
        for name, answers in books.items():
            path = folder / f"{name}.ipynb"
            path.write_text(answered(path, answers))


def scores(course: Path) -> dict[tuple[str, str, str], float | None]:
    """{(student, notebook, cell): automatic score}."""
    with Gradebook(f"sqlite:///{course}/gradebook.db", "course101") as gradebook:
        return {
            (s.student_id, n.name, g.name): g.auto_score
            for s in gradebook.assignment_submissions("ps1")
            for n in s.notebooks
            for g in n.grades
        }


@pytest.fixture(scope="module", params=SHAPES)
def marked(request, tmp_path_factory, workers):
    """Stock nbgrader's course and ours, and what our commands said."""
    made = SHAPES[request.param]()
    config = made.pop("config", THREE_LINES)
    base = tmp_path_factory.mktemp(request.param)
    ours = make(base / "ours", config=config, **made)
    # stock nbgrader has no kernel that is called after somebody's editor
    plain = {n: t.replace("ada-editor", "python3") for n, t in made["notebooks"].items()}
    made = made | {"notebooks": plain}
    stock = make(base / "stock", config=STOCK + config.removeprefix(THREE_LINES), **made)
    said = ntk(ours, "release", "ps1")
    stock_nbgrader("generate_assignment", stock)
    for course in (ours, stock):
        hand_in(course, request.param)
    said += ntk(ours, "grade", "ps1", *workers)
    stock_nbgrader("autograde", stock)
    return scores(stock), scores(ours), said


def test_every_submission_earns_what_stock_nbgrader_gives(marked):
    stock, ours, _ = marked
    assert ours == stock
    assert {student for student, *_ in ours} == {"right", "partly", "blank"}


def test_right_ones_earn_everything_blank_ones_nothing_and_nobody_waits(marked):
    _, ours, said = marked
    sums: dict[str, float] = {}
    for (student, *_), score in ours.items():
        sums[student] = sums.get(student, 0.0) + (score or 0.0)
    assert sums["right"] > sums["partly"] > sums["blank"] == 0
    assert "the masters earn full marks and nothing leaks" in said
    assert "0 failed, 0 for review" in said
