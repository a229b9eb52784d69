"""Puts a student's answers into a fresh copy of the master: everything locked is the master's
own."""

from __future__ import annotations

import copy
import hashlib
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from ..assignment.exam import Exam, ExamCell, ExamNotebook, Kind
from ..clean import clean_attachments, clean_markdown, clean_outputs
from .answers import ANSWERS, answer_cells, bare, cell_types, is_answer
from .elsewhere import look_elsewhere
from .read import Submission, SubmittedCell, parse

FENCE = re.compile(r"\A\s*```+ ?\w*\n(.*?)\n?```+\s*\Z", re.DOTALL)
FROM_ELSEWHERE = "Found elsewhere in the notebook, for whoever marks it:"
EXTRA = "extra"  # the marker, in a rebuilt cell's id, of a cell that the student added


@dataclass(frozen=True)
class Rebuilt:
    """A master with a student's answers in it. `incidents` are sentences for the instructor;
    `review` those of them that a person must look at before the marks count."""

    notebook: NotebookNode
    incidents: list[str]
    review: list[str]


def rebuild(
    exam: ExamNotebook, submission: Submission, others: Sequence[SubmittedCell] = ()
) -> Rebuilt:
    """The master's cells in order, each answer from the submission by its id, the student's own
    cells in place, and under each demonstration the outputs that were handed in, cleaned.

    A further copy of a cell and a cell with an unknown id run as plain code where they stood; a
    missing solution is an empty cell and a missing free text the untouched stub. others: the
    student's own cells in the other notebooks, which may hold an answer to this one.
    """
    if submission.cells and not any(c.id == s.id for c in exam.cells for s in submission.cells):
        submission.doubt("None of its cells is one of this notebook's.")
    sorted_, elsewhere = _sort(exam, submission), look_elsewhere(exam, submission, others)
    incidents, notebook, cells = sorted_.incidents, exam.fresh(), []
    untouched = _open_cells(exam, notebook.cells)
    cells += _own(sorted_.extras.get(None, []), untouched)
    anchor: str | None = None
    for cell, master in zip(notebook.cells, exam.cells, strict=True):
        if master.open:  # the student's own from the beginning, as far as there is anything
            if not sorted_.extras.get(anchor):
                cells.append(cell)
            continue
        anchor = master.id
        found = sorted_.answers.get(master.id)
        if master.kind in ANSWERS and found is not None:
            cell.source = "" if master.id in elsewhere.stubs else found.source
            if cell.cell_type == "code" and found.type == "markdown":
                cell.source = FENCE.sub(r"\1", cell.source)
            if cell.cell_type == "markdown":
                _clean(cell, found)
        elif master.kind in ANSWERS:
            if submission.cells:
                incidents.append(f"The answer cell {master.id!r} is missing: it counts as empty.")
            cell.source = "" if master.kind is Kind.SOLUTION else master.stub
        elif master.kind is Kind.DEMONSTRATION and master.id in sorted_.others:
            cell.outputs, notes = clean_outputs(sorted_.others[master.id].outputs)
            incidents += [f"{master.id}, as handed in: {note}" for note in notes]
        cells.append(cell)
        cells += [_quoted(text) for text in elsewhere.beside.get(master.id, [])]
        cells += _own(sorted_.extras.get(master.id, []), untouched)
    notebook.cells = _unique(cells)
    return Rebuilt(
        notebook,
        submission.incidents + incidents + elsewhere.incidents,
        submission.review + elsewhere.review,
    )


def _open_cells(exam: ExamNotebook, cells: Sequence[NotebookNode]) -> dict[str, NotebookNode]:
    """{its text without blanks: cell} of the master's cells that are the student's to change."""
    pairs = zip(cells, exam.cells, strict=True)
    return {bare(cell.source): cell for cell, master in pairs if master.open}


def _own(extras: list[SubmittedCell], untouched: dict[str, NotebookNode]) -> list[NotebookNode]:
    """The student's own cells; those of the master's among them that nobody has changed are the
    master's."""
    made = _without_metadata(extras)
    for index, cell in enumerate(extras):
        same = untouched.get(bare(cell.source))
        if same is not None and same.cell_type == cell.type:
            made[index] = copy.deepcopy(same)
    return made


def rebuilt_from(exam: Exam, name: str, files: Mapping[str, bytes | None]) -> Rebuilt:
    """One notebook of a submission that is given as {name: bytes}, rebuilt."""
    known = {cell.id for notebook in exam.notebooks for cell in notebook.cells}
    ours = {bare(cell.stub) for notebook in exam.notebooks for cell in notebook.cells}
    others: list[SubmittedCell] = []
    for notebook in exam.notebooks:
        if notebook.name != name and files.get(notebook.name) is not None:
            places, begun = answer_cells(notebook), False
            for cell in parse(files[notebook.name]).cells:
                begun = begun or cell.id in places  # before that stand names and notes
                if begun and cell.id not in known and bare(cell.source) not in ours:
                    others.append(cell)
    return rebuild(exam.notebook(name), parse(files.get(name)), others)


def _quoted(text: str) -> NotebookNode:
    """Text that may be an answer, for the person who marks: shown as it is, without effect."""
    return _without_metadata([SubmittedCell("raw", f"{FROM_ELSEWHERE}\n\n{text}", None, {})])[0]


@dataclass
class _Sorted:
    """The submitted cells: answers (by id), extras (by the id of the master's cell before them),
    the others (by id)."""

    answers: dict[str, SubmittedCell] = field(default_factory=dict)
    extras: dict[str | None, list[SubmittedCell]] = field(default_factory=lambda: defaultdict(list))
    others: dict[str, SubmittedCell] = field(default_factory=dict)
    incidents: list[str] = field(default_factory=list)


def _sort(exam: ExamNotebook, submission: Submission) -> _Sorted:
    """Split the submitted cells. Of several copies of an answer the first one that is more than
    the stub keeps the place; untouched copies are left out, or they would undo the answer."""
    known = {cell.id: cell for cell in exam.cells}
    types = cell_types(exam)
    order = {cell.id: index for index, cell in enumerate(exam.cells)}
    found, anchor = _Sorted(), None
    seen: set[str] = set()
    for cell in submission.cells:
        own = known.get(cell.id or "")
        if own is None or own.open:
            found.extras[anchor].append(cell)
            continue
        if own.id in seen:
            _copy(cell, own, anchor, found)
            continue
        if anchor is not None and order[own.id] < order[anchor]:
            found.incidents.append(f"The cell {own.id!r} was moved: it was put back in its place.")
        seen.add(own.id)
        anchor = own.id
        if own.kind not in ANSWERS:
            found.others[own.id] = cell
            continue
        if cell.type != types[own.id]:
            found.incidents.append(
                f"The answer cell {own.id!r} had been made a {cell.type} cell: it was changed back."
            )
        found.answers[own.id] = cell
    return found


def _copy(cell: SubmittedCell, own: ExamCell, anchor: str | None, found: _Sorted) -> None:
    """A further copy of a cell of the master."""
    if own.kind in ANSWERS and not is_answer(cell.source, own):
        found.incidents.append(f"An untouched copy of the cell {own.id!r} was left out.")
    elif own.kind in ANSWERS and not is_answer(found.answers[own.id].source, own):
        found.incidents.append(
            f"The cell {own.id!r} stands there more than once: the first answered copy was taken."
        )
        found.answers[own.id] = cell
    else:
        found.incidents.append(
            f"The cell {own.id!r} stands there more than once: each copy ran where it stood."
        )
        found.extras[anchor].append(cell)


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
