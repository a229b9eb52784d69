"""Makes the student version of an assignment, and refuses to if the master is not perfect or
something leaks."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import nbformat

from ..assignment.exam import Exam, Kind
from ..course import Course
from ..marking.mark import mark
from ..marking.result import Status
from ..marking.terms import terms_of
from . import masters
from .generate import ReleaseError, generate

SHORT = 16  # characters: a shorter line (`return x`) may rightly stand in the student's version too
HIDDEN = {Kind.SOLUTION: "solution", Kind.TEST: "hidden tests", Kind.CHECKPOINT: "hidden tests"}
OTHER = "mark scheme"


def secrets_of(exam: Exam) -> dict[str, set[str]]:
    """{what it belongs to: lines that only the master may hold}. Lines that also stand in the open
    are left out."""
    hidden: dict[str, set[str]] = {kind: set() for kind in (*HIDDEN.values(), OTHER)}
    open_lines: set[str] = set()
    for notebook in exam.notebooks:
        for cell, exam_cell in zip(notebook.fresh().cells, notebook.cells, strict=True):
            open_lines |= _lines(exam_cell.stub)
            if cell.source != exam_cell.stub:
                hidden[HIDDEN.get(exam_cell.kind, OTHER)] |= _lines(cell.source)
    return {
        kind: {x for x in lines - open_lines if len(x) >= SHORT} for kind, lines in hidden.items()
    }


def _lines(text: str) -> set[str]:
    return {line.strip() for line in text.splitlines()}


def leaks(folder: Path, exam: Exam) -> list[str]:
    """What of the masters' hidden parts stands in any file below `folder`, one sentence each."""
    found = []
    hidden = secrets_of(exam)
    for path in sorted(p for p in Path(folder).rglob("*") if p.is_file()):
        text = path.read_bytes().decode("utf-8", "replace")
        if path.suffix == ".ipynb":
            cells = nbformat.reads(text, as_version=4).cells
            text = "\n".join(cell.source for cell in cells)
            if any(cell.get("outputs") for cell in cells):
                found.append(f"{path.name} holds outputs.")
        for kind, lines in hidden.items():
            if path.suffix != ".ipynb":  # a module beside the notebooks imports what answers do
                lines = {x for x in lines if not x.startswith(("import ", "from "))}
            found += [
                f"{path.name} holds a line of a {kind}: {x!r}" for x in sorted(lines) if x in text
            ]
        if re.search(r"BEGIN (SOLUTION|HIDDEN TESTS|MARK SCHEME)", text):
            found.append(f"{path.name} holds a marker of a hidden region.")
        if re.search(r"from autograder import .*\bcheck\b", text):
            found.append(f"{path.name} holds the import of a hidden test.")
    return found


def perfect(course: Course, exam: Exam) -> list[str]:
    """Mark the masters themselves; what they lose, one sentence each (nothing: they are
    perfect)."""
    source = course.source / exam.assignment
    files = {
        notebook.name: (source / f"{notebook.name}.ipynb").read_bytes()
        for notebook in exam.notebooks
    }
    settings = terms_of(course.marking, course.root)
    terms = replace(settings, secret=b"release", demonstrations="run")
    result = mark(exam, files, terms)
    lost = [
        f"{exercise.id}: {criterion.name}: {criterion.message}"
        for notebook in result.notebooks
        for exercise in notebook.exercises
        if exercise.verdict is not None
        for criterion in exercise.verdict.criteria
        if not criterion.passed
    ]
    return lost + (result.incidents if result.status is not Status.GRADED else [])


def remarks(exam: Exam) -> list[str]:
    """What an author should know of the tests, one sentence each."""
    cells = [c for n in exam.notebooks for c in n.graded() if c.test is not None]
    said = []
    if cells:
        said.append(
            f"{', '.join(c.exercise for c in cells)}: ordinary tests, which run beside the "
            "student's code. The machine and the gradebook are safe; a mark is safe from "
            "accidents, not from forgery."
        )
    for cell in cells:
        test = cell.test
        if test is not None and test.points and not test.asserting and test.last < 0:
            said.append(
                f"{cell.exercise} asserts nothing: whatever runs without an error gets its "
                f"{cell.points:g} points."
            )
    return said


def release(course: Course, assignment: str, say: Callable[[str], None] = print) -> Path:
    """Make the student version and return its folder. Raises ReleaseError, with nothing released,
    unless masters are as their texts say and earn full marks, and nothing of them leaks."""
    exam, source = course.exam(assignment), course.source / assignment
    faults = masters.check(source, course.marking.checks) if masters.has_texts(source) else []
    for remark in remarks(exam):
        say(remark)
    if not faults:
        say(f"Marking the masters of {assignment} …")
        faults = perfect(course, exam)
    if faults:
        raise ReleaseError("not released. " + " ".join(faults))
    return without_leaks(course, exam)


def without_leaks(course: Course, exam: Exam) -> Path:
    """Make the student version of masters that are known to be right, and return its folder. Raises
    ReleaseError, with nothing released, when something of them leaks."""
    folder = generate(course, exam.assignment)
    found = leaks(folder, exam)
    if found:
        shutil.rmtree(folder)
        raise ReleaseError("withdrawn. " + " ".join(found))
    return folder
