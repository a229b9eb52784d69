"""nbgrader's generate_assignment: the student version, and the assignment in the gradebook."""

from __future__ import annotations

from pathlib import Path

from nbgrader.apps import NbGraderAPI
from traitlets.config import Config

from .. import startup  # noqa: F401  (nbgrader has to find alembic)
from ..course import Course
from ..errors import EXIT_FAILED, OneLine


class ReleaseError(OneLine):
    """The release would be wrong. It says where."""

    exit_code = EXIT_FAILED


def generate(course: Course, assignment: str, *, database: bool = True) -> Path:
    """Run nbgrader's generate_assignment and return the release folder. Raises ReleaseError with
    its log."""
    config = Config(course.config)
    if not database:
        config.GenerateAssignment.no_database = True
    result = NbGraderAPI(config=config).generate_assignment(assignment, force=True, create=True)
    if not result["success"]:
        lines = [
            line
            for line in (result.get("error") or result.get("log", "")).splitlines()
            if line.strip()
        ]
        raise ReleaseError(
            f"nbgrader could not generate {assignment}: {lines[-1] if lines else 'no reason given'}"
        )
    return course.root / course.directory.release_directory / assignment
