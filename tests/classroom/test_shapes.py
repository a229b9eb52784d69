"""Three courses as public ones are, with three lines added: released, handed in, marked by `ntk
grade`; every honest submission earns what stock nbgrader gives, and all that reads the gradebook
finds every mark in it."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from nbgrader.api import Gradebook

from autograder.course import Course
from demo.__main__ import recorded
from tests.helpers.classes import ntk_here
from tests.helpers.foreign import STOCK, THREE_LINES, answered, make
from tests.helpers.shapes import SHAPES

pytestmark = pytest.mark.timeout(1800)

RIGHT = {
    "data": {
        "hw": {
            "f": "import numpy as np\ndef f(x):\n    return 2 * x",
            "plot": "import matplotlib.pyplot as plt\ncurve = plt.plot(load())",
        }
    },
    "several": {
        **{
            f"part{i}": {f"f{i}": f"def f(x):\n    return 2 * x\nf{i} = f", "why": "'It doubles.'"}
            for i in (1, 2, 3)
        },
        "part4": {"essay": "It is so, since it was so."},
    },
    "steps": {"steps": {name: f"def {name}(x):\n    return 2 * x" for name in "fgh"}},
}
COLUMNS = {  # of an export, and what each is worth
    "data": {"f": 2, "plot": 3, "test_plot": 1},
    "several": {
        **{
            f"part{i}:{name}": i if name == "test" else 1
            for i in (1, 2, 3)
            for name in ("test", "why")
        },
        "essay": 1,
    },
    "steps": {"f": 1, "g": 1, "h": 1},
}
RESULTS = {  # what a result calls them
    "data": {"test_f", "plot", "test_plot"},
    "several": set(COLUMNS["several"]),
    "steps": {"test_f", "test_g", "test_h"},
}
WAITING = {  # two of three have answered
    "data": {"plot": 2},
    "several": {"part1:why": 2, "part2:why": 2, "part3:why": 2, "essay": 2},
    "steps": {},
}
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


class Marked(NamedTuple):
    """What stock nbgrader gave and what we gave (see `scores`), what our commands said, our course,
    and which shape it has."""

    stock: dict[tuple[str, str, str], float | None]
    ours: dict[tuple[str, str, str], float | None]
    said: str
    course: Path
    shape: str

    def total(self, student: str) -> float:
        return sum(score or 0.0 for (who, *_), score in self.ours.items() if who == student)


@pytest.fixture(scope="module", params=SHAPES)
def marked(request, tmp_path_factory, workers):
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
    return Marked(scores(stock), scores(ours), said, ours, request.param)


def test_every_submission_earns_what_stock_nbgrader_gives(marked):
    assert marked.ours == marked.stock
    assert {student for student, *_ in marked.ours} == {"right", "partly", "blank"}


def test_right_ones_earn_everything_blank_ones_nothing_and_nobody_waits(marked):
    right, partly, blank = map(marked.total, ("right", "partly", "blank"))
    assert right > partly > blank == 0
    assert "the masters earn full marks and nothing leaks" in marked.said
    assert "0 failed, 0 for review" in marked.said


def test_an_export_has_a_column_for_every_mark_and_the_gradebooks_total(marked, tmp_path):
    path, columns = tmp_path / "marks.csv", COLUMNS[marked.shape]
    ntk(marked.course, "export", "ps1", "--to", str(path))
    head, *lines = csv.reader(path.open())
    assert head[3:-3] == list(columns)
    assert {line[1] for line in lines} == {"right", "partly", "blank"}
    for line in lines:
        assert float(line[-2]) == marked.total(line[1])
        assert float(line[-1]) == sum(columns.values())


def test_a_dry_run_of_what_is_recorded_finds_every_mark_as_it_is(marked, workers):
    ran = ntk_here(marked.course, "grade", "ps1", "--dry-run", "--json", *workers)
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout)
    assert found["changes"] == {} and found["same"] == 3


def test_a_report_counts_what_waits_for_a_person_by_its_notebook(marked):
    ntk(marked.course, "report", "ps1")
    page = (marked.course / "reports" / "ps1.html").read_text()
    found = re.search(r"To mark by hand in the formgrader: (.*?)\.</p>", page)
    told = re.findall(r"(\d+) × ([\w:]+)", found[1]) if found else []
    assert {exercise: int(count) for count, exercise in told} == WAITING[marked.shape]


def test_the_demonstration_finds_every_mark(marked):
    course = Course(marked.course)
    points = recorded(course, course.exam("ps1"))
    assert {student: set(found) for student, found in points.items()} == dict.fromkeys(
        ("right", "partly", "blank"), RESULTS[marked.shape]
    )
    for student, found in points.items():
        assert sum(value or 0.0 for value in found.values()) == marked.total(student)
