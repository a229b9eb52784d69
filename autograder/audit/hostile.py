"""Hostile answers where it counts: in the sandbox, through the door that marks real submissions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from ..assignment.exam import ExamCell, ExamNotebook, Kind
from ..limits import Limits
from ..marking.examine import examine
from .answers import ANSWERED_BY, Answer

LIMITS = Limits(cell_seconds=20, probe_seconds=20, exercise_seconds=40, notebook_seconds=120)
CONTEXT, TEST = "context", "test"


def mark_sandboxed(answer: Answer, seed: int, sandbox: str) -> dict[str, Any]:
    """Mark a notebook that holds the answer, its context and its test. Returns points, the lost
    criteria, incidents.

    Raises InfrastructureError when the fault is ours.
    """
    solution = ANSWERED_BY.get(answer.exercise, answer.exercise)
    parts = [
        (ExamCell(f"{CONTEXT}-{i}", Kind.SETUP, 0, None, ""), source)
        for i, source in enumerate(answer.context)
    ]
    parts.append((ExamCell(solution, Kind.SOLUTION, 0, None, ""), answer.source))
    parts.append((ExamCell(TEST, Kind.TEST, 1, answer.exercise, ""), f'check("{answer.exercise}")'))
    notebook = _notebook([(cell.id, source) for cell, source in parts])
    exam = ExamNotebook("audit", tuple(cell for cell, _ in parts), nbformat.writes(notebook))
    result = examine(exam, notebook, LIMITS, seed, sandbox)
    (exercise,) = result.exercises
    lost = {c.name: c.message for c in exercise.verdict.criteria if not c.passed}
    return {
        "points": exercise.points,
        "max_points": exercise.verdict.max_points,
        "lost": lost,
        "incidents": result.incidents,
    }


def _notebook(cells: Sequence[tuple[str, str]]) -> nbformat.NotebookNode:
    made = []
    for id, source in cells:
        cell = new_code_cell(source)
        cell.id = id
        made.append(cell)
    return new_notebook(cells=made)
