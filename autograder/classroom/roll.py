"""Who has handed in, and what: submissions as bytes, and what is stored of their marks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..assignment.exam import Exam
from ..course import Course, secret_of
from ..marking.result import Result
from ..marking.store import Store
from ..submission.files import read_submission
from .cluster import Job, Terms


class GradeError(Exception):
    """There is nothing to grade, or not as it was asked. `str(error)` is one line."""


def students_of(course: Course, assignment: str, only: list[str] = ()) -> list[str]:
    """Who has handed in, in order. Raises GradeError for a name without a submission, or when
    nobody has."""
    submitted = course.root / course.directory.submitted_directory
    found = sorted(p.parent.name for p in submitted.glob(f"*/{assignment}") if p.is_dir())
    missing = [name for name in only if name not in found]
    if missing:
        raise GradeError(f"no submission of {', '.join(missing)} in {submitted}: collect it first")
    if not found:
        raise GradeError(
            f"nobody has handed in {assignment}: there is no {submitted}/<student>/{assignment}"
        )
    return [name for name in found if not only or name in only]


def read_job(course: Course, exam: Exam, student: str) -> Job:
    """One submission, as bytes."""
    folder = course.root / course.directory.submitted_directory / student / exam.assignment
    files, incidents = read_submission(folder, exam)
    return Job(student, files, tuple(incidents))


def read_jobs(course: Course, exam: Exam, students: list[str]) -> Iterator[Job]:
    """The submissions, one at a time."""
    return (read_job(course, exam, student) for student in students)


def terms_of(course: Course, exam: Exam) -> Terms:
    """What the course's submissions are marked by."""
    return Terms(exam, course.marking.limits, secret_of(course.root), course.marking.sandbox)


def store_of(course: Course) -> Store:
    """The course's finished results."""
    return Store(Path(course.root) / ".ntk" / "results")


def stored_results(course: Course, exam: Exam) -> dict[str, tuple[str, Result | None]]:
    """{student: (key, stored result or None)} of everybody who has handed in, without marking
    anything."""
    terms, store = terms_of(course, exam), store_of(course)
    names = students_of(course, exam.assignment)
    return {
        job.student: (key := terms.key(job), store.get(key, marks_only=True))
        for job in read_jobs(course, exam, names)
    }
