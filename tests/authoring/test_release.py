"""The student version: current, complete, and without a word of a solution."""

from __future__ import annotations

import subprocess
import sys
import zipfile

import nbformat
import pytest

from autograder.authoring.masters import check_structure, is_current
from autograder.authoring.release import leaks, secrets_of
from tests.conftest import ASSIGNMENT, FIRST, ROOT, SECOND

SOURCE = ROOT / "source" / ASSIGNMENT


def test_the_masters_are_what_their_texts_say():
    assert is_current(SOURCE) == []
    assert check_structure(SOURCE) == []


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
