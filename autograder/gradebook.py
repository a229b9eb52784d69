"""Opens nbgrader's gradebook (SQLite, or whatever `CourseDirectory.db_url` names), with errors that say what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nbgrader.api import Gradebook
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from .course import Course, GradebookError


@contextmanager
def opened(course: Course) -> Iterator[Gradebook]:
    """The course's gradebook. Raises GradebookError when the database cannot be opened, read or written."""
    url = course.directory.db_url
    try:
        with Gradebook(url, course.directory.course_id) as gradebook:
            yield gradebook
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise GradebookError(
            f"the gradebook {shown(url)} cannot be used: {_first_line(error)}: is the database's driver installed, and "
            "c.CourseDirectory.db_url spelt as SQLAlchemy asks?"
        ) from error
    except DBAPIError as error:
        raise GradebookError(
            f"the gradebook {shown(url)} cannot be used: {_first_line(error.orig or error)}: is c.CourseDirectory.db_url "
            "right, and its server running?"
        ) from error


def exists(course: Course) -> bool:
    """Whether there is a gradebook to look into. (Opening a SQLite file that is not there would make it.)"""
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


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(". ")
