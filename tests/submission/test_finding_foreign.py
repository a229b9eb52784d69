"""Courses of other shapes: their masters are read, nothing of them is released, and renamed, zipped
and bare submissions are found; blank ones wait for nobody."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from autograder.assignment.exam import Exam, ExamError, Kind
from autograder.authoring.release import leaks
from autograder.course import Course
from autograder.submission.answers import answers_in
from autograder.submission.files import choose_exam, read_submission
from autograder.submission.read import parse
from autograder.submission.rebuild import rebuilt_from
from tests.helpers.foreign import (
    THREE_LINES,
    answered,
    graded,
    make,
    notebook,
    solution,
    text,
)
from tests.helpers.shapes import OWN_MARKS, SHAPES, data, steps, twice


@pytest.fixture(scope="module", params=SHAPES)
def shape(request, tmp_path_factory):
    root = make(tmp_path_factory.mktemp(request.param), **SHAPES[request.param]())
    return request.param, Course(root), Course(root).exam("ps1")


def released(exam: Exam, course: Course) -> dict[str, str]:
    """What nbgrader would hand out, from the masters' stubs."""
    books = {}
    for master in exam.notebooks:
        body = json.loads((course.source / exam.assignment / f"{master.name}.ipynb").read_text())
        for cell, own in zip(body["cells"], master.cells, strict=True):
            cell["source"] = own.stub
        books[master.name] = json.dumps(body)
    return books


def solved(exam: Exam, course: Course) -> dict[str, bytes]:
    books = {}
    for name, blank in released(exam, course).items():
        places = [c.id for c in exam.notebook(name).cells if c.kind in (Kind.SOLUTION, Kind.MANUAL)]
        answers = {
            p: f"def {p[0]}(x):\n    return 2 * x" if p[0] in "fgh" else f"answer = '{p}'"
            for p in places
        }
        books[name] = answered(blank, answers).encode()
    return books


def hand_in(folder: Path, books: dict[str, bytes]) -> Path:
    for name, content in books.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def counted(exam: Exam, folder: Path) -> tuple[list, list]:
    """How many answers count in each notebook, and what waits for a person."""
    finding = read_submission(folder, exam)
    review, found = list(finding.review), []
    for master in exam.notebooks:
        rebuilt = rebuilt_from(exam, master.name, finding.files)
        review += rebuilt.review
        told = parse(json.dumps(rebuilt.notebook).encode())
        found.append(len(answers_in(told, master)))
    return found, review


NUMBERS = {"data": [2], "several": [2, 2, 2, 1], "steps": [3]}


def test_a_release_holds_nothing_of_the_masters(shape, tmp_path):
    name, course, exam = shape
    files = {f"{n}.ipynb": t.encode() for n, t in released(exam, course).items()}
    hand_in(tmp_path, files | dict(exam.files))
    assert leaks(tmp_path, exam) == []
    (tmp_path / "notes.txt").write_bytes(
        b"assert f(20) == 40, 'twice'\n" if name != "data" else b"    doubled = x + x  # fffffffff"
    )
    assert any("notes.txt" in leak for leak in leaks(tmp_path, exam))


def test_whole_renamed_and_zipped_submissions_are_found(shape, tmp_path):
    name, course, exam = shape
    books = solved(exam, course)
    whole = hand_in(tmp_path / "whole", {f"{n}.ipynb": b for n, b in books.items()})
    assert counted(exam, whole) == (NUMBERS[name], [])
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for book, content in books.items():
            archive.writestr(f"homework/{book}.ipynb", content)
    zipped = hand_in(tmp_path / "zipped", {"Ada Lovelace.zip": buffer.getvalue()})
    assert counted(exam, zipped) == (NUMBERS[name], [])
    renamed = hand_in(tmp_path / "renamed", {f"{n} (1).ipynb": b for n, b in books.items()})
    assert counted(exam, renamed) == (NUMBERS[name], [])


def test_a_blank_submission_waits_for_nobody(shape, tmp_path):
    _, course, exam = shape
    blank = {f"{n}.ipynb": t.encode() for n, t in released(exam, course).items()}
    assert counted(exam, hand_in(tmp_path, blank)) == ([0] * len(exam.notebooks), [])


def test_an_open_cell_that_a_student_has_changed_is_the_students(tmp_path):
    course = Course(make(tmp_path / "course", **data()))
    exam = course.exam("ps1")
    body = json.loads(solved(exam, course)["hw"])
    body["cells"][1]["source"] = "import numpy\nfrom helper import load"
    rebuilt = rebuilt_from(exam, "hw", {"hw": json.dumps(body).encode()})
    sources = [cell.source for cell in rebuilt.notebook.cells]
    assert "import numpy\nfrom helper import load" in sources
    assert "import numpy as np\nfrom helper import load" not in sources and rebuilt.review == []


def test_two_assignments_may_share_a_notebooks_name(tmp_path):
    root = make(tmp_path / "course", **steps())
    again = notebook(
        [text("# More"), solution("other", twice("k")), graded("test_k", "assert k(1) == 2")]
    )
    make(root, {"steps": again}, assignment="ps2", config=THREE_LINES + OWN_MARKS)
    course = Course(root)
    exams = [course.exam("ps1"), course.exam("ps2")]
    for exam in exams:
        books = {f"{n}.ipynb": t.encode() for n, t in released(exam, course).items()}
        folder = hand_in(tmp_path / "handed" / exam.assignment, books)
        assert choose_exam(exams, folder) is exam


@pytest.mark.parametrize("language", ["R", "julia"])
def test_another_language_is_refused_in_a_line(language, tmp_path):
    body = json.loads(notebook([text("# Other")]))
    body["metadata"]["kernelspec"] = {"name": "ir", "display_name": "ir", "language": language}
    course = Course(make(tmp_path, {"other": json.dumps(body)}))
    with pytest.raises(ExamError, match=f"a notebook in {language}: only Python can be marked"):
        course.exam("ps1")


def test_files_that_everybody_was_given_are_nobodys_work(tmp_path):
    course = Course(make(tmp_path / "course", **data()))
    exam = course.exam("ps1")
    folder = hand_in(
        tmp_path / "hw",
        {
            **{f"{name}.ipynb": text for name, text in solved(exam, course).items()},
            **dict(exam.files),
        },
    )
    assert counted(exam, folder) == ([2], [])
    (folder / "helper.py").write_text("def f(x):\n    return 2 * x\n")  # but this may be
    assert "It uses helper, a file of the student" in counted(exam, folder)[1][0]
