"""Whole notebooks of ordinary tests in the sandbox: steps that build on each other, a hang in the
middle, manual plots that later cells need, cells that fail on purpose, and who reads hidden
tests."""

from __future__ import annotations

import json

import pytest

from autograder.authoring.release import perfect
from autograder.course import Course
from autograder.marking.mark import mark
from autograder.marking.terms import terms_of
from tests.helpers.foreign import (
    THREE_LINES,
    answered,
    by_hand,
    graded,
    locked,
    make,
    notebook,
    plain,
    solution,
)

HIDDEN = "assert f(2) == 4\n### BEGIN HIDDEN TESTS\nassert f(11) == 22, 'eleven, twice'\n### END HIDDEN TESTS"
CELLS = [
    plain("from helper import offset\nnot_defined_on_purpose"),
    solution("f", "def f(x):\n    return 2 * x"),
    graded("test_f", f"base = f(1)\n{HIDDEN}"),
    solution("g", "def g(x):\n    return f(x) + offset"),
    graded("test_g", "value = g(2)\nassert value == 5\nassert base == 2"),
    by_hand("plot", "curve = [f(x) for x in range(3)]", 2),
    solution("h", "def h(x):\n    return g(x) + 1"),
    graded("test_h", "assert h(2) == value + 1\nassert curve[-1] == 4"),
    locked("end", "print('end')"),
]
CELLS[0].metadata["tags"] = ["raises-exception"]
PEEK = """import sys
SEEN = []
def f(x):
    frame = sys._getframe()
    while frame:
        SEEN.append(str(frame.f_locals.get("steps")))
        frame = frame.f_back
    return 2 * x"""


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    config = THREE_LINES + "c.Marking.probe_seconds = 4\nc.Marking.cell_seconds = 4\n"
    books, files = {"steps": notebook(CELLS)}, {"helper.py": b"offset = 1\n"}
    return Course(make(tmp_path_factory.mktemp("steps"), books, config=config, files=files))


def marked(course: Course, answers: dict[str, str]):
    text = answered(course.source / "ps1" / "steps.ipynb", answers)
    result = mark(
        course.exam("ps1"), {"steps": text.encode()}, terms_of(course.marking, course.root)
    )
    points = {e.id: e.points for e in result.notebooks[0].exercises if not e.manual}
    return points, result


def test_masters_with_a_cell_that_fails_on_purpose_are_perfect(course):
    assert perfect(course, course.exam("ps1")) == []


def test_a_step_that_hangs_costs_itself_and_what_needs_it(course):
    points, result = marked(course, {"g": "def g(x):\n    while True: pass"})
    assert points == {"test_f": 1, "test_g": 0, "test_h": 0}
    assert result.status.value == "graded"


def test_who_reads_hidden_tests_is_told_of_and_shows_nothing(course):
    points, result = marked(course, {"f": PEEK, "plot": "print(SEEN)\ncurve = [0, 2, 4]"})
    assert points == {"test_f": 1, "test_g": 1, "test_h": 1}
    shown = json.dumps(result.notebooks[0].notebook.cells[5].outputs)
    assert "eleven" not in shown and "Withheld" in shown
    assert "showed code of a hidden test" in " ".join(result.notebooks[0].incidents)
