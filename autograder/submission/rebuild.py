"""Puts a student's answers into a fresh copy of the master: everything locked is the master's
own."""

from __future__ import annotations

import hashlib
from collections import defaultdict

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from ..assignment.cells import grade_id
from ..assignment.exam import ExamNotebook, Kind
from ..clean import clean_attachments, clean_markdown, clean_outputs
from .read import Submission, SubmittedCell

ANSWERS = (Kind.SOLUTION, Kind.MANUAL)
EXTRA = "extra"  # the marker, in a rebuilt cell's id, of a cell that the student added


def rebuild(exam: ExamNotebook, submission: Submission) -> tuple[NotebookNode, list[str]]:
    """The master's cells in order, each answer from the submission by its id, the student's own
    cells in place, and under each demonstration the outputs that were handed in, cleaned.

    A further copy of a cell and a cell with an unknown id run as plain code where they stood; a
    missing solution is an empty cell and a missing free text the untouched stub. Returns the
    notebook and incidents for the instructor.
    """
    answers, extras, shown, incidents = _sort(exam, submission)
    notebook, cells = exam.fresh(), []
    cells += _without_metadata(extras.get(None, []))
    for cell, master in zip(notebook.cells, exam.cells, strict=True):
        if master.kind in ANSWERS:
            found = answers.get(master.id)
            if found is None:
                incidents.append(f"The answer cell {master.id!r} is missing: it counts as empty.")
                cell.source = "" if master.kind is Kind.SOLUTION else master.stub
            else:
                cell.source = found.source
                if cell.cell_type == "markdown":
                    _clean(cell, found)
        elif master.kind is Kind.DEMONSTRATION and master.id in shown:
            cell.outputs, notes = clean_outputs(shown[master.id].outputs)
            incidents += [f"{master.id}, as handed in: {note}" for note in notes]
        cells.append(cell)
        cells += _without_metadata(extras.get(master.id, []))
    notebook.cells = _unique(cells)
    return notebook, submission.incidents + incidents


def _sort(
    exam: ExamNotebook, submission: Submission
) -> tuple[
    dict[str, SubmittedCell],
    dict[str | None, list[SubmittedCell]],
    dict[str, SubmittedCell],
    list[str],
]:
    """Split the submitted cells into answers (by id), extras (by the id of the master's cell before
    them) and the others (by id)."""
    known = {cell.id: cell.kind for cell in exam.cells}
    types = {grade_id(cell) or cell.get("id", ""): cell.cell_type for cell in exam.fresh().cells}
    order = {cell.id: index for index, cell in enumerate(exam.cells)}
    answers: dict[str, SubmittedCell] = {}
    others: dict[str, SubmittedCell] = {}
    extras: dict[str | None, list[SubmittedCell]] = defaultdict(list)
    seen: set[str] = set()
    incidents: list[str] = []
    anchor = None
    for cell in submission.cells:
        if cell.id in known and cell.id not in seen:
            if anchor is not None and order[cell.id] < order[anchor]:
                incidents.append(f"The cell {cell.id!r} was moved: it was put back in its place.")
            seen.add(cell.id)
            anchor = cell.id
            if known[cell.id] not in ANSWERS:
                others[cell.id] = cell
                continue
            if cell.type != types[cell.id]:
                incidents.append(
                    f"The answer cell {cell.id!r} had been made a {cell.type} cell: it was "
                    "changed back."
                )
            answers[cell.id] = cell
        else:
            if cell.id in known:
                incidents.append(
                    f"The cell {cell.id!r} stands there more than once: each copy ran where it "
                    "stood."
                )
            extras[anchor].append(cell)
    return answers, extras, others, incidents


def _without_metadata(cells: list[SubmittedCell]) -> list[NotebookNode]:
    """A student's own cells without metadata or tags; raw text becomes a quoted block of
    Markdown."""
    made = []
    for cell in cells:
        if cell.type == "code":
            made.append(new_code_cell(cell.source))
        elif cell.type == "markdown":
            made.append(new_markdown_cell(cell.source))
            _clean(made[-1], cell)
        else:
            made.append(
                new_markdown_cell("\n".join("    " + line for line in cell.source.splitlines()))
            )
            _clean(made[-1], cell)
        made[-1].id = f"{EXTRA}-{hashlib.sha256(cell.source.encode()).hexdigest()[:12]}"
    return made


def _clean(cell: NotebookNode, submitted: SubmittedCell) -> None:
    """A student's Markdown is rendered in the instructor's browser: nothing active may stay in
    it."""
    attachments = clean_attachments(submitted.attachments)
    cell.source = clean_markdown(cell.source, attachments)
    if attachments:
        cell.attachments = attachments


def _unique(cells: list[NotebookNode]) -> list[NotebookNode]:
    """Give a later cell with a repeated id a numbered one; the notebook format asks for unique
    ids."""
    seen: dict[str, int] = {}
    for cell in cells:
        seen[cell.id] = seen.get(cell.id, 0) + 1
        if seen[cell.id] > 1:
            cell.id = f"{cell.id[:56]}-{seen[cell.id]}"
    return cells
