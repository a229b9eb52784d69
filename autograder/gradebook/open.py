"""Opens nbgrader's gradebook (SQLite, or whatever `CourseDirectory.db_url` names), with errors that
say what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import nbgrader.api
from nbgrader.api import (
    Assignment,
    Grade,
    Gradebook,
    GradeCell,
    Notebook,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import select
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from ..course import Course, GradebookError
from ..revision import ask_here
from ..text import first_line


@contextmanager
def opened(course: Course) -> Iterator[Gradebook]:
    """The course's gradebook. Raises GradebookError when the database cannot be opened, read or
    written."""
    url = course.directory.db_url
    ask_here()
    try:
        with Gradebook(url, course.directory.course_id) as gradebook:
            yield gradebook
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise GradebookError(
            f"the gradebook {shown(url)} cannot be used: {first_line(error)}: is the database's "
            "driver installed, and "
            "c.CourseDirectory.db_url spelt as SQLAlchemy asks?"
        ) from error
    except DBAPIError as error:
        raise GradebookError(
            f"the gradebook {shown(url)} cannot be used: {first_line(error.orig or error)}: is "
            "c.CourseDirectory.db_url "
            "right, and its server running?"
        ) from error


class Mark(NamedTuple):
    """One cell's marks of one student; None where there is none yet. `score`: what counts, with
    extra credit, 0 where there is none. A cell is known by its notebook too: ids that notebooks
    share are ordinary."""

    student: str
    notebook: str
    cell: str
    by_machine: bool
    auto: float | None
    manual: float | None
    waits: bool
    score: float


class HandedIn(NamedTuple):
    """When a submission was handed in, as far as that is known, and what lateness costs it."""

    timestamp: datetime | None
    penalty: float


def marks(gradebook: Gradebook, assignment: str) -> list[Mark]:
    """Every mark of an assignment, in one query: walking nbgrader's objects costs one for each
    student and notebook."""
    query = (
        select(
            SubmittedAssignment.student_id,
            Notebook.name,
            GradeCell.name,
            GradeCell.cell_type == "code",
            Grade.auto_score,
            Grade.manual_score,
            Grade.needs_manual_grade,
            Grade.score,
        )
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
        .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
        .join(GradeCell, GradeCell.id == Grade.cell_id)
        .where(Assignment.name == assignment)
    )
    return [Mark(*row) for row in gradebook.db.execute(query)]


def handed_in(gradebook: Gradebook, assignment: str) -> dict[str, HandedIn]:
    """{student: when and how late} of an assignment's submissions, in one query too."""
    query = (
        select(
            SubmittedAssignment.student_id,
            SubmittedAssignment.timestamp,
            SubmittedAssignment.late_submission_penalty,
        )
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .where(Assignment.name == assignment)
    )
    return {student: HandedIn(*facts) for student, *facts in gradebook.db.execute(query)}


@contextmanager
def one_engine() -> Iterator[None]:
    """Inside, gradebooks of the same address share an engine, and with it the statements that it
    has compiled.

    nbgrader opens eight gradebooks a submission, each with an engine of its own: half the cost of
    recording.
    """
    make = nbgrader.api.create_engine
    engines: dict[str, Engine] = {}

    def shared(url: str, **options: Any) -> Engine:
        if url not in engines:
            engines[url] = make(url, **options)
        return engines[url]

    nbgrader.api.create_engine = shared
    try:
        yield
    finally:
        nbgrader.api.create_engine = make
        for engine in engines.values():
            engine.dispose()


def exists(course: Course) -> bool:
    """Whether there is a gradebook to look into. (Opening a SQLite file that is not there would
    make it.)"""
    try:
        url = make_url(course.directory.db_url)
    except ArgumentError:
        return True  # `opened` will say what is wrong
    return url.get_backend_name() != "sqlite" or bool(url.database and Path(url.database).exists())


def shown(url: str) -> str:
    """The database's address without its password."""
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return repr(url)
