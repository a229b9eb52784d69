"""nbgrader's generate_assignment: the student version, and the assignment in the gradebook."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from nbgrader.apps import NbGraderAPI
from traitlets.config import Config

from ..course import Course


class ReleaseError(Exception):
    """The release would be wrong. `str(error)` says where."""


def generate(course: Course, assignment: str, *, database: bool = True) -> Path:
    """Run nbgrader's generate_assignment and return the release folder. Raises ReleaseError with
    its log."""
    config = Config(course.config)
    # nbgrader calls `alembic` by name, also where no venv is activated
    tools = os.path.dirname(sys.executable)
    if tools not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([tools, os.environ.get("PATH", os.defpath)])
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
