"""nbgrader's generate_assignment: the student version, and the assignment in the gradebook."""

from __future__ import annotations

from pathlib import Path

from nbgrader.apps import NbGraderAPI
from traitlets.config import Config

from ..course import Course
from ..errors import EXIT_FAILED, OneLine
from ..revision import ask_here
from ..text import last_line


class ReleaseError(OneLine):
    """The release would be wrong. It says where."""

    exit_code = EXIT_FAILED


def generate(course: Course, assignment: str, *, database: bool = True) -> Path:
    """Run nbgrader's generate_assignment and return the release folder. Raises ReleaseError with
    its log."""
    ask_here()
    config = Config(course.config)
    if not database:
        config.GenerateAssignment.no_database = True
    result = NbGraderAPI(config=config).generate_assignment(assignment, force=True, create=True)
    if not result["success"]:
        reason = last_line(result.get("error") or result.get("log", "")) or "no reason given"
        raise ReleaseError(f"nbgrader could not generate {assignment}: {reason}")
    return course.root / course.directory.release_directory / assignment
