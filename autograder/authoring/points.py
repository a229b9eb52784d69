"""What each exercise of an assignment is worth, by those who decide it: the lab's table, and the
checks of a course."""

from __future__ import annotations

from pathlib import Path

from nbformat import NotebookNode

from ..assignment.exam import CHECK_CALL
from ..checks import brought
from ..checks.registry import EXERCISES, module_of
from .structure import POINTS

LAB = "tp5-ntk"


def points_of(folder: Path, notebooks: dict[str, NotebookNode]) -> dict[str, float]:
    """{exercise: points} for the masters `notebooks` in `folder`, as `structure.check_notebooks`
    takes it.

    The lab's own exercises must all be there. Others are worth what their checks say; free text
    what its cell says.
    """
    from .execute import MasterError

    points = dict(POINTS) if Path(folder).name == LAB else {}
    for notebook in notebooks.values():
        for cell in notebook.cells:
            meta = cell.metadata.get("nbgrader", {})
            id = meta.get("grade_id")
            if meta.get("grade") and meta.get("solution"):
                points.setdefault(id, meta.get("points"))
                continue
            for exercise in CHECK_CALL.findall(cell.source) if meta.get("grade") else ():
                try:
                    if exercise not in EXERCISES:
                        brought.bring(brought.read(Path(folder), [exercise]))
                    found = module_of(exercise)
                except brought.BroughtError as error:
                    raise MasterError(str(error)) from error
                if found is not None:
                    points.setdefault(exercise, found.check.max_points)
    return points
