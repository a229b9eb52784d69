"""Hostile answers where it counts: in the sandbox, through the door that marks real submissions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from ..assignment.exam import Exam, ExamCell, ExamNotebook, Kind
from ..checks.base import Check
from ..checks.registry import Registry
from ..limits import Limits
from ..marking.examine import examine
from ..marking.terms import Terms
from .answers import Answer

LIMITS = Limits(cell_seconds=20, probe_seconds=20, exercise_seconds=40, notebook_seconds=120)
CONTEXT, TEST = "context", "test"


@dataclass(frozen=True)
class Where:
    """Where hostile answers are marked: the terms of the course, and its checks."""

    terms: Terms
    checks: Registry


def mark_sandboxed(check: Check, answer: Answer, seed: int, where: Where) -> dict[str, Any]:
    """Mark a notebook that holds the answer, its context and its test. Returns points, the lost
    criteria, incidents.

    Raises InfrastructureError when the fault is ours.
    """
    parts = [
        (ExamCell(f"{CONTEXT}-{i}", Kind.SETUP, 0, "", ""), source)
        for i, source in enumerate(answer.context)
    ]
    parts.append((ExamCell(check.answered_by, Kind.SOLUTION, 0, "", ""), answer.source))
    parts.append((ExamCell(TEST, Kind.TEST, 1, answer.exercise, ""), f'check("{answer.exercise}")'))
    notebook = _notebook([(cell.id, source) for cell, source in parts])
    master = ExamNotebook("audit", tuple(cell for cell, _ in parts), nbformat.writes(notebook))
    exam = Exam("audit", (master,), where.checks)
    result = examine(exam, master.name, notebook, replace(where.terms, limits=LIMITS), seed)
    [verdict] = [e.verdict for e in result.exercises if e.verdict]
    lost = {c.name: c.message for c in verdict.criteria if not c.passed}
    return {
        "points": verdict.points,
        "max_points": verdict.max_points,
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
