"""Marks one submission: a notebook or a folder of notebooks, without a gradebook."""

from __future__ import annotations

from collections.abc import Mapping
from time import monotonic

from ..assignment.exam import Exam
from ..errors import InfrastructureError
from ..submission.read import parse
from ..submission.rebuild import rebuild
from .examine import examine, seed_of
from .result import NotebookResult, Result, Status
from .terms import Terms


def mark_notebook(
    exam: Exam, name: str, data: bytes | None, terms: Terms, seed: int | None = None
) -> NotebookResult:
    """Rebuild, run and mark one submitted notebook (its file's bytes; None when there is no such
    file).

    Raises InfrastructureError when the fault is ours.
    """
    master = exam.notebook(name)
    notebook, incidents = rebuild(master, parse(data))
    if seed is None:
        seed = seed_of(terms.secret, notebook)
    result = examine(master, notebook, terms, seed, exam.registry)
    result.incidents[:0] = incidents
    return result


def mark(
    exam: Exam, files: Mapping[str, bytes | None], terms: Terms, seed: int | None = None
) -> Result:
    """Mark a submission given as {notebook name: bytes}. A notebook of the exam that is not there
    counts as empty."""
    began = monotonic()
    result = Result(exam.assignment, Status.GRADED, exam.max_points)
    try:
        for notebook in exam.notebooks:
            marked = mark_notebook(exam, notebook.name, files.get(notebook.name), terms, seed)
            result.notebooks.append(marked)
    except InfrastructureError as error:
        result.status = Status.INFRASTRUCTURE_ERROR
        result.incidents.append(str(error))
    result.seconds = monotonic() - began
    return result
