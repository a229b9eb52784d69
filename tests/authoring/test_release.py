"""The student version: current, complete, and without a word of a solution."""

from __future__ import annotations

import subprocess
import sys
import zipfile

import nbformat
import pytest

from autograder.authoring.generate import generate
from autograder.authoring.masters import check_structure, is_current
from autograder.authoring.release import leaks, secrets_of
from autograder.course import Course
from tests.conftest import ASSIGNMENT, FIRST, ROOT, SECOND, make_course

ASSIGNMENTS = sorted(
    p.name for p in (ROOT / "source").iterdir() if p.is_dir() and any(p.glob("*.md"))
)


def test_there_are_two_assignments():
    assert ASSIGNMENTS == ["rich-training", ASSIGNMENT]


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_the_masters_are_what_their_texts_say(assignment):
    assert is_current(ROOT / "source" / assignment) == []
    assert check_structure(ROOT / "source" / assignment, packages=["autograder.lab"]) == []


def test_the_second_release_is_current_and_holds_nothing_of_the_master(tmp_path):
    course = Course(make_course(tmp_path / "course"))
    fresh, committed = generate(course, "rich-training"), ROOT / "release" / "rich-training"
    assert [p.name for p in fresh.iterdir()] == [p.name for p in committed.iterdir()]
    for path in fresh.iterdir():
        assert (committed / path.name).read_text() == path.read_text(), "run `make release`"
    assert leaks(committed, course.exam("rich-training")) == []
    assert leaks(ROOT / "ntk_helpers", course.exam("rich-training")) == []


def test_the_committed_release_is_current(course):
    fresh = course.root / "release" / ASSIGNMENT
    assert sorted(p.name for p in fresh.iterdir()) == [f"{FIRST}.ipynb", f"{SECOND}.ipynb"]
    for path in sorted(fresh.iterdir()):
        committed = ROOT / "release" / ASSIGNMENT / path.name
        assert committed.read_text() == path.read_text(), (
            f"{path.name} is stale: run `make release`"
        )


def test_nothing_of_the_masters_leaks(exam):
    hidden = secrets_of(exam)
    # the test would be empty otherwise
    assert all(len(lines) >= 3 for lines in hidden.values()), hidden
    assert leaks(ROOT / "release" / ASSIGNMENT, exam) == []
    assert leaks(ROOT / "ntk_helpers", exam) == []


@pytest.mark.parametrize("kind", ["solution", "hidden tests", "mark scheme"])
def test_a_planted_leak_is_found(exam, tmp_path, kind):
    notebook = nbformat.v4.new_notebook()
    notebook.cells.append(nbformat.v4.new_markdown_cell(max(secrets_of(exam)[kind], key=len)))
    nbformat.write(notebook, tmp_path / "x.ipynb")
    assert leaks(tmp_path, exam)


def test_every_solution_cell_of_the_release_is_a_stub(released):
    cells = [
        c
        for nb in released.values()
        for c in nb.cells
        if c.metadata.get("nbgrader", {}).get("solution")
    ]
    assert len(cells) == 11
    for cell in cells:
        assert "YOUR CODE HERE" in cell.source or "YOUR ANSWER HERE" in cell.source


def test_ids_carry_over(released):
    for notebook in released.values():
        for cell in notebook.cells:
            if "nbgrader" in cell.metadata:
                assert cell.id == cell.metadata.nbgrader.grade_id


def test_the_students_wheel_holds_the_helpers_and_nothing_else(exam, tmp_path):
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "-q",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        tmp_path,
        ROOT,
    ]
    subprocess.run(command, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("ntk_helpers-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        archive.extractall(tmp_path / "wheel")
    assert {name.split("/")[0].split("-")[0] for name in names} == {"ntk_helpers"}
    assert any(name.startswith("ntk_helpers/assets/") for name in names)
    assert leaks(tmp_path / "wheel", exam) == []
