"""Answers that stand somewhere else than in their own cell: above or below it, in another answer,
in a locked cell, in Markdown.

What runs before its test counts as it is. What would silently count as nothing is for a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ..assignment.exam import ExamCell, ExamNotebook, Kind
from .answers import ANSWERS, answer_cells, answers_in, is_answer, names_of, parsed, words
from .read import Submission, SubmittedCell

PROSE = 60  # letters: less is a heading or a remark
CONFLICT = re.compile(r"^(?:<{7}|>{7})", re.MULTILINE)
DEFINING = re.compile(r"^[ >\t]*(?:async +)?(?:def|class) +(\w+)|^[ >\t]*(\w+) *=(?!=)", re.M)


@dataclass
class Elsewhere:
    """`stubs`: places whose stub must not run, since the answer stands above it. `beside`: texts
    that a person should see below a place. Sentences: `incidents` all, `review` those in doubt."""

    stubs: set[str] = field(default_factory=set)
    beside: dict[str, list[str]] = field(default_factory=dict)
    incidents: list[str] = field(default_factory=list)
    review: list[str] = field(default_factory=list)

    def _doubt(self, sentence: str) -> None:
        if sentence not in self.review:
            self.incidents.append(sentence)
            self.review.append(sentence)

    def _show(self, place: str, cell: SubmittedCell) -> None:
        self.beside.setdefault(place, []).append(cell.source)


@dataclass(frozen=True)
class _Stray:
    """A cell that is no untouched part of the master and not the first copy of an open place;
    `after` is the position in the master of the last known cell before it (-1: none)."""

    cell: SubmittedCell
    after: int
    runs: bool
    known: ExamCell | None


def look_elsewhere(exam: ExamNotebook, submission: Submission) -> Elsewhere:
    """Look for the answers to the places that hold none, and for marks of a merge in those that
    do."""
    found, given = Elsewhere(), answers_in(submission, exam)
    for cell in submission.cells:
        if cell.id in given and CONFLICT.search(cell.source):
            found._doubt(f"The answer {cell.id!r} holds the marks of an unfinished merge.")
    strays = list(_strays(exam, submission))
    for position, place in enumerate(exam.cells):
        if place.kind not in ANSWERS or place.id in given:
            continue
        if place.kind is Kind.MANUAL:
            _prose(place, strays, found)
        else:
            _code(exam, position, place, strays, found)
    return found


def _strays(exam: ExamNotebook, submission: Submission) -> Iterator[_Stray]:
    known = {cell.id: (i, cell) for i, cell in enumerate(exam.cells)}
    places, seen, after = answer_cells(exam), set(), -1
    for cell in submission.cells:
        position, own = known.get(cell.id or "", (None, None))
        if own is None or position is None or own.id in seen:
            yield _Stray(cell, after, cell.type == "code", None)
            continue
        seen.add(own.id)
        after = position
        if own.id in places:
            if is_answer(cell.source, own):
                yield _Stray(cell, position, cell.type == "code", own)
        elif "".join(cell.source.split()) != "".join(own.stub.split()):
            yield _Stray(cell, position, False, own)


def _prose(place: ExamCell, strays: list[_Stray], found: Elsewhere) -> None:
    for stray in strays:
        cell, own = stray.cell, stray.known
        if own is not None and own.kind is not Kind.SOLUTION:
            extra = words(cell) - sum(c.isalpha() for c in own.stub)
            fits = own.kind is Kind.TEXT and extra >= PROSE
        else:
            tells = cell.type != "code" or not _is_code(cell.source)
            fits = words(cell) >= PROSE and tells
        if fits:
            found._doubt(
                f"{place.id!r} is not answered in its own cell, but another cell holds text that "
                "may be the answer: it is shown below the question."
            )
            found._show(place.id, cell)


def _is_code(text: str) -> bool:
    tree = parsed(text)
    return tree is not None and bool(tree.body)


def _code(
    exam: ExamNotebook, position: int, place: ExamCell, strays: list[_Stray], found: Elsewhere
) -> None:
    wanted = names_of(place.stub)
    test = next(
        (i for i, c in enumerate(exam.cells) if i > position and c.kind is Kind.TEST),
        len(exam.cells),
    )
    for stray in strays:
        names = names_of(stray.cell.source) if stray.runs else _mentioned(stray.cell.source)
        if not wanted & names:
            continue
        if stray.runs and stray.after < position and wanted <= names:
            found.stubs.add(place.id)
            found.incidents.append(
                f"The answer {place.id!r} stands above its own cell, which is untouched: it was "
                "taken from there."
            )
        elif not stray.runs or stray.after >= test or stray.after < position:
            where = "in a cell that does not run" if not stray.runs else "at another place"
            found._doubt(
                f"{place.id!r} is not answered in its own cell, but an answer seems to stand "
                f"{where}: it is shown below the question."
            )
            found._show(place.id, stray.cell)


def _mentioned(text: str) -> set[str]:
    return {a or b for a, b in DEFINING.findall(text)}
