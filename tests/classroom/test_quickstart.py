"""nbgrader's own quickstart course with three lines added: released, handed in, marked, reported,
explained, exported, without this lab's exercises; every honest submission earns what stock
gives."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.course import Course
from tests.helpers.foreign import answered
from tests.helpers.no_lab import run, several

pytestmark = pytest.mark.timeout(1800)
ADDED = """
from autograder import configure
configure(c, course_id="course101")
c.Marking.probe_seconds = 5
c.Marking.cell_seconds = 5
"""
SQUARES = "def squares(n):\n    if n < 1:\n        raise ValueError\n    return [i * i for i in range(1, n + 1)]"
SUM = "def sum_of_squares(n):\n    return sum(squares(n))"
RIGHT = {
    "squares": SQUARES,
    "sum_of_squares": SUM,
    "sum_of_squares_equation": "$\\sum_{i=1}^n i^2$",
    "sum_of_squares_application": "def pyramidal(n):\n    return sum_of_squares(n)\nprint(pyramidal(3))",
}
HONEST = {
    "right": RIGHT,
    "partly": RIGHT | {"squares": SQUARES.replace("raise ValueError", "return []")},
    "wrong": {
        "squares": "def squares(n):\n    return [i * i for i in range(n)]",
        "sum_of_squares": "def sum_of_squares(n):\n    return n * (n + 1) * (2 * n + 1) // 6",
    },
    "blank": {},
}
CHEATS = {
    "crashes": RIGHT | {"sum_of_squares": "import os\ndef sum_of_squares(n):\n    os._exit(0)"},
    "hangs": RIGHT | {"sum_of_squares": "while True: pass"},
    "bends": {
        "squares": "import builtins\nold = builtins.compile\nbuiltins.compile = lambda *a, **k: "
        "old('None', '', 'eval') if a[1] == '<test>' else old(*a, **k)"
    },
    "peeks": RIGHT | {"squares": SQUARES + "\nprint(open('../source/ps1/problem1.ipynb').read())"},
}
TESTS = (
    "correct_squares",
    "squares_invalid_input",
    "correct_sum_of_squares",
    "sum_of_squares_uses_squares",
)


def ok(command: list[str], cwd: Path) -> str:
    ran = run(command, cwd)
    assert ran.returncode == 0, f"{command}\n{ran.stdout}\n{ran.stderr}"
    return ran.stdout + ran.stderr


def marks(root: Path, student: str) -> dict[str, float | None]:
    with Gradebook(Course(root).directory.db_url) as gradebook:
        books = gradebook.find_submission("ps1", student).notebooks
        return {g.name: g.auto_score for book in books for g in book.grades if g.name in TESTS}


def reviews(root: Path, student: str) -> list[str]:
    """What a person has to look at in a submission."""
    books = (root / "autograded" / student / "ps1").glob("*.ipynb")
    return [why for b in books for why in json.loads(b.read_text())["metadata"]["ntk"]["review"]]


@pytest.fixture(scope="module")
def courses(tmp_path_factory):
    """The course as stock nbgrader makes it, and the same with three lines; submissions in both."""
    folder = tmp_path_factory.mktemp("quickstart")
    ok(["nbgrader", "quickstart", "stock"], folder)
    stock, ours = folder / "stock", folder / "ours"
    shutil.copytree(stock, ours)
    config = ours / "nbgrader_config.py"
    config.write_text(config.read_text() + ADDED)
    said = ok(
        ["ntk", "release", "ps1", "--course", str(ours)], folder
    )  # not from the course itself
    assert "ordinary tests" in said and "Released" in said
    ok(["nbgrader", "generate_assignment", "ps1"], stock)
    for root in (stock, ours):
        released = root / "release" / "ps1"
        for student, answers in (HONEST | ({} if root is stock else CHEATS)).items():
            handed = root / "submitted" / student / "ps1"
            shutil.copytree(released, handed)
            (handed / "problem1.ipynb").write_text(answered(released / "problem1.ipynb", answers))
    ok(["nbgrader", "autograde", "ps1"], stock)
    graded = run(["ntk", "grade", "ps1", "--workers", "1"], ours)
    return stock, ours, graded


def test_the_release_is_what_nbgrader_makes(courses):
    stock, ours, _ = courses
    for path in (stock / "release" / "ps1").rglob("*"):
        assert path.read_bytes() == (ours / "release" / "ps1" / path.name).read_bytes()


@pytest.mark.parametrize("student", HONEST)
def test_an_honest_submission_earns_what_stock_nbgrader_gives(student, courses):
    stock, ours, graded = courses
    assert graded.returncode == 0, graded.stdout + graded.stderr
    assert marks(ours, student) == marks(stock, student)
    assert reviews(ours, student) == []


def test_cheats_earn_nothing_and_accidents_cost_their_own_exercise(courses):
    _, ours, _ = courses
    both = {"correct_squares": 1, "squares_invalid_input": 1}
    neither = {"correct_sum_of_squares": 0, "sum_of_squares_uses_squares": 0}
    assert marks(ours, "crashes") == both | neither
    # no sum_of_squares: its second test asks for nothing but a NameError, as in stock nbgrader
    assert marks(ours, "hangs") == both | neither | {"sum_of_squares_uses_squares": 0.5}
    assert set(marks(ours, "bends").values()) == {0}
    peeked = (ours / "autograded" / "peeks" / "ps1" / "problem1.ipynb").read_text()
    assert "FileNotFoundError" in peeked and "SOLUTION" not in peeked  # there is nothing to open


def test_the_rest_of_the_day(courses):
    _, ours, _ = courses
    again = ok(["nbgrader", "autograde", "ps1", "--student", "partly", "--force"], ours)
    assert "NoSuchNotebookException" not in again
    assert marks(ours, "partly")["squares_invalid_input"] == 0
    said = {
        "score submitted/right/ps1 --json": '"status": "graded"',
        "grade ps1 --dry-run": "would keep their marks",
        "explain wrong correct_squares": "correct_squares",
        "report ps1": "Report:",
        "export ps1": "Marks:",
    }
    ran = several([*said], ours)
    for each, words in zip(ran, said.values(), strict=True):
        assert each.returncode == 0 and words in each.stdout + each.stderr, each
    scored = json.loads(ran[0].stdout)
    assert scored["points"] == 3 and scored["status"] == "graded"
    assert "feedback" in ok(["nbgrader", "generate_feedback", "ps1"], ours)
    page = (ours / "feedback" / "bends" / "ps1" / "problem1.html").read_text()
    assert "did not work as tests here" in page
    rows = [
        row for path in ours.rglob("*.csv") for row in csv.reader(path.read_text().splitlines())
    ]
    assert any("right" in row for row in rows)
