"""A class's feedback as the zip that Moodle takes under "Upload multiple feedback files in a zip".

Moodle knows a student by the name of the folder in its own archive; collecting has kept it.
"""

from __future__ import annotations

import os
import tempfile
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from ..assignment.exam import Exam
from ..classroom.collect import names_of
from ..classroom.platforms import QUIET, MoodleNames
from ..course import Course
from ..errors import OneLine
from ..submission.read import read_bytes


class FeedbackError(OneLine):
    """There is no feedback to pack."""


@dataclass
class Packed:
    """Who is in the zip; who could not be, having no folder of Moodle's, or no feedback."""

    students: list[str] = field(default_factory=list)
    nameless: list[str] = field(default_factory=list)
    without: list[str] = field(default_factory=list)


def pack(course: Course, assignment: str, path: Path) -> Packed:
    """Write the zip to `path`: nbgrader's feedback, one HTML a notebook, in the folder that the
    student has in Moodle's archive. Raises FeedbackError when it would be empty; then nothing is
    written."""
    exam, names = course.exam(assignment), _moodle_names(course, assignment)
    root = course.root / course.directory.feedback_directory
    given = {p.parent.name for p in root.glob(f"*/{assignment}")}
    packed = Packed()
    files: dict[str, bytes] = {}
    for student in sorted(names | dict.fromkeys(given, "")):
        pages = _pages(root / student / assignment, exam)
        if not pages:
            packed.without.append(student)
        elif student not in names:
            packed.nameless.append(student)
        else:
            packed.students.append(student)
            files |= {f"{names[student]}/{name}": page for name, page in pages.items()}
    if not files:
        raise FeedbackError(
            f"none of those that `ntk collect` took from Moodle has feedback to {assignment}: run "
            f"`nbgrader generate_feedback {assignment}` first"
            + ("." if names else f", and before all `ntk collect {assignment} ARCHIVE`.")
        )
    _write(path, files)
    return packed


def _moodle_names(course: Course, assignment: str) -> dict[str, str]:
    moodle = MoodleNames(config=course.config, log=QUIET)
    found = names_of(course, assignment)
    return {
        student: folder
        for student, folder in found.items()
        if "/" not in folder and moodle.read(f"{folder}/x") is not None
    }


def _pages(folder: Path, exam: Exam) -> dict[str, bytes]:
    """{file: content} of a student's feedback, in the notebooks' order."""
    found = {
        f"{n.name}.html": read_bytes(folder / f"{n.name}.html", folder) for n in exam.notebooks
    }
    return {name: page for name, page in found.items() if page is not None}


def _write(path: Path, files: dict[str, bytes]) -> None:
    """The zip, whole or not at all; the same bytes for the same feedback."""
    handle, fresh = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file, zipfile.ZipFile(file, "w") as archive:
            for name, page in files.items():
                archive.writestr(zipfile.ZipInfo(name), page, zipfile.ZIP_DEFLATED)
        Path(fresh).chmod(0o644)
        os.replace(fresh, path)
    except BaseException:
        Path(fresh).unlink(missing_ok=True)
        raise
