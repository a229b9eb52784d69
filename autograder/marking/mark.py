"""Marks one submission: a notebook or a folder of notebooks, without a gradebook."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from time import monotonic

from ..assignment.exam import Exam
from ..errors import InfrastructureError
from ..submission.rebuild import rebuilt_from
from .examine import blocking, examination, seed_of
from .result import NotebookResult, Result, Status
from .terms import Terms


def mark_notebook(
    exam: Exam, name: str, data: bytes | None, terms: Terms, seed: int | None = None
) -> NotebookResult:
    """Rebuild, run and mark one submitted notebook (its file's bytes; None when there is no such
    file).

    Raises InfrastructureError when the fault is ours.
    """
    return blocking(_marked(exam, name, {name: data}, terms, seed))


def mark(
    exam: Exam,
    files: Mapping[str, bytes | None],
    terms: Terms,
    seed: int | None = None,
    *,
    at_once: int = 1,
) -> Result:
    """Mark a submission given as {notebook name: bytes}. A notebook of the exam that is not there
    counts as empty.

    at_once: so many of its notebooks side by side, each in a kernel of its own.
    """
    began = monotonic()
    result = Result(exam.assignment, Status.GRADED, exam.max_points)
    for found in blocking(_all(exam, files, terms, seed, at_once)):
        if isinstance(found, NotebookResult):
            result.notebooks.append(found)
        else:
            result.status = Status.INFRASTRUCTURE_ERROR
            if str(found) not in result.incidents:  # two notebooks may meet the same fault
                result.incidents.append(str(found))
    if result.status is Status.GRADED and result.reasons:
        result.status = Status.REVIEW
    result.seconds = monotonic() - began
    return result


async def _all(
    exam: Exam,
    files: Mapping[str, bytes | None],
    terms: Terms,
    seed: int | None,
    at_once: int,
) -> list[NotebookResult | InfrastructureError]:
    """All notebooks in their order, or what kept us from marking one; then no other is begun."""
    turns = asyncio.Semaphore(at_once)
    faults: list[InfrastructureError] = []

    async def one(name: str) -> NotebookResult | None:
        async with turns:
            if faults:
                return None
            try:
                return await _marked(exam, name, files, terms, seed)
            except InfrastructureError as error:
                faults.append(error)
                return None

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(notebook.name)) for notebook in exam.notebooks]
    return [found for task in tasks if (found := task.result())] + faults


async def _marked(
    exam: Exam, name: str, files: Mapping[str, bytes | None], terms: Terms, seed: int | None
) -> NotebookResult:
    rebuilt = rebuilt_from(exam, name, files)
    if seed is None:
        seed = seed_of(terms.secret, rebuilt.notebook)
    result = await examination(exam, name, rebuilt.notebook, terms, seed)
    result.incidents[:0] = rebuilt.incidents
    result.review[:0] = rebuilt.review
    return result
