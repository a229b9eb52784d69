"""What each exercise of an assignment is worth, by what decides it: its check, or its cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.utils import is_grade, is_solution

from ..assignment.master import checks_called
from ..checks.brought import course_around
from ..checks.registry import of_course


def points_of(
    folder: Path, notebooks: Mapping[str, NotebookNode], packages: Iterable[str]
) -> dict[str, float]:
    """{exercise: points} for the masters `notebooks` in `folder`, as `check_notebooks` takes it.

    A check says what its criteria are worth together; free text is worth what its cell says.
    Raises OneLine for a check that is broken.
    """
    graded = [c for n in notebooks.values() for c in n.cells if is_grade(c)]
    manual = {
        c.metadata.nbgrader.grade_id: c.metadata.nbgrader.points for c in graded if is_solution(c)
    }
    tests = [exercise for c in graded for exercise in checks_called(c.source)]
    registry = of_course(course_around(folder), tests, packages)
    checks = {exercise: registry.find(exercise) for exercise in tests}
    return manual | {e: check.max_points for e, check in checks.items() if check is not None}
