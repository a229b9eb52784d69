"""Marks one submission: a notebook or a folder of notebooks, without a gradebook."""

from __future__ import annotations

from collections.abc import Mapping
from time import monotonic

from ..assignment.exam import Exam, ExamNotebook
from ..checks import brought
from ..errors import InfrastructureError
from ..limits import Limits
from ..submission.read import parse
from ..submission.rebuild import rebuild
from .examine import examine, seed_of
from .result import GRADED, INFRASTRUCTURE_ERROR, NotebookResult, Result


def mark_notebook(
    exam: ExamNotebook,
    data: bytes | None,
    limits: Limits,
    secret: bytes,
    sandbox: str,
    seed: int | None = None,
) -> NotebookResult:
    """Rebuild, run and mark one submitted notebook (its file's bytes; None when there is no such
    file).

    Raises InfrastructureError when the fault is ours.
    """
    notebook, incidents = rebuild(exam, parse(data))
    if seed is None:
        seed = seed_of(secret, notebook)
    result = examine(exam, notebook, limits, seed, sandbox)
    result.incidents[:0] = incidents
    return result


def mark(
    exam: Exam,
    files: Mapping[str, bytes | None],
    limits: Limits,
    secret: bytes,
    sandbox: str,
    seed: int | None = None,
) -> Result:
    """Mark a submission given as {notebook name: bytes}. A notebook of the exam that is not there
    counts as empty."""
    began = monotonic()
    result = Result(exam.assignment, GRADED, exam.max_points)
    brought.bring(dict(exam.checks))  # a worker learns of them here
    try:
        for notebook in exam.notebooks:
            marked = mark_notebook(
                notebook, files.get(notebook.name), limits, secret, sandbox, seed
            )
            result.notebooks.append(marked)
    except InfrastructureError as error:
        result.status = INFRASTRUCTURE_ERROR
        result.incidents.append(str(error))
    result.seconds = monotonic() - began
    return result
