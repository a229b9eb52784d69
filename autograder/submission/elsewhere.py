"""Answers that stand somewhere else than in their own cell: above or below it, in another answer,
in a locked cell, in Markdown.

What runs before its test counts as it is. What would silently count as nothing is for a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ..assignment.exam import ExamCell, ExamNotebook, Kind
from .answers import ANSWERS, answer_cells, answers_in, bare, is_answer
from .names import binds, defined_in, loads, names_of, stores, written_in
from .prose import letters, prose
from .read import Submission, SubmittedCell

PROSE = 60  # letters: less is a heading or a remark
BESIDE = 15  # … and right behind its place
SHOWN, MOST = 5, 20_000  # cells that may be an answer, and characters of each, below a place
CONFLICT = re.compile(r"<{7}|>{7}")
DEFINING = re.compile(r"^[ >\t]*(?:async +)?(?:def|class) +(\w+)|^[ >\t]*(\w+) *=(?!=)", re.M)


@dataclass
class Elsewhere:
    """`stubs`: places whose stub must not run, since the answer stands above it. `beside`: texts
    that a person should see below a place. Sentences: `incidents` all, `review` those in doubt."""

    stubs: set[str] = field(default_factory=set)
    beside: dict[str, list[str]] = field(default_factory=dict)
    incidents: list[str] = field(default_factory=list)
    review: list[str] = field(default_factory=list)

    def doubt(self, sentence: str) -> None:
        if sentence not in self.review:
            self.incidents.append(sentence)
            self.review.append(sentence)

    def show(self, place: str, cell: SubmittedCell) -> None:
        texts = self.beside.setdefault(place, [])
        if len(texts) < SHOWN:
            texts.append(cell.source[:MOST] if cell.source.strip() else "(a picture)")


@dataclass(frozen=True)
class Stray:
    """A cell that is no untouched part of the master and not the first copy of an open place;
    `after` is the position in the master of the last known cell before it (-1: none)."""

    cell: SubmittedCell
    after: int
    runs: bool
    known: ExamCell | None


def look_elsewhere(
    exam: ExamNotebook, submission: Submission, others: Sequence[SubmittedCell] = ()
) -> Elsewhere:
    """Look for the answers to the places that hold none, and for what undoes those that are given.

    others: the student's own cells in the other notebooks.
    """
    found, given = Elsewhere(), answers_in(submission, exam)
    strays = list(_strays(exam, submission))
    _unfinished(given, submission, strays, found)
    _lost_help(exam, strays, found)
    _late_help(exam, strays, found)
    strays += [Stray(cell, len(exam.cells), False, None) for cell in others]
    for position, place in enumerate(exam.cells):
        if place.kind is Kind.MANUAL and place.id not in given:
            _prose(exam, position, place, strays, found)
        elif place.kind is Kind.SOLUTION:
            _code(exam, position, place, strays, found, answered=place.id in given)
    return found


def _strays(exam: ExamNotebook, submission: Submission) -> Iterator[Stray]:
    known = {cell.id: (i, cell) for i, cell in enumerate(exam.cells)}
    masters = {bare(cell.stub) for cell in exam.cells}
    places, seen, after = answer_cells(exam), set(), -1
    for cell in submission.cells:
        position, own = known.get(cell.id or "", (None, None))
        if own is None or position is None or own.open or own.id in seen:
            if bare(cell.source) not in masters or cell.attachments:
                yield Stray(cell, after, cell.type == "code", None)
            continue
        seen.add(own.id)
        after = position
        if own.id in places:
            if is_answer(cell.source, own):
                yield Stray(cell, position, cell.type == "code", own)
        elif bare(cell.source) != bare(own.stub) or cell.attachments:
            yield Stray(cell, position, False, own)


def _unfinished(
    given: dict[str, str], submission: Submission, strays: list[Stray], found: Elsewhere
) -> None:
    """Marks of a merge, and a magic that writes an answer into a file in place of running it."""
    for cell in submission.cells:
        if cell.id in given and cell.source.lstrip().startswith("%%writefile"):
            found.doubt(f"The answer {cell.id!r} is written into a file by %%writefile, not run.")
    cells = [c for c in submission.cells if c.id in given] + [s.cell for s in strays]
    if any(CONFLICT.search(cell.source) for cell in cells):
        found.doubt("It holds the marks of an unfinished merge.")


def _lost_help(exam: ExamNotebook, strays: list[Stray], found: Elsewhere) -> None:
    """What an answer uses and a locked cell defined, before the master's took its place again."""
    ours: set[str] = set().union(*(binds(c.stub) for c in exam.cells))
    running = [s.cell.source for s in strays if s.runs]
    theirs = ours.union(*(binds(source) for source in running))
    used: set[str] = set().union(*(loads(source) for source in running))
    for stray in strays:
        if not stray.runs and stray.known and stray.cell.type == "code":
            for name in sorted((binds(stray.cell.source) - theirs) & used):
                found.doubt(
                    f"An answer uses {name}, which was defined in the locked cell "
                    f"{stray.known.id!r}: that cell is the master's again."
                )


def _late_help(exam: ExamNotebook, strays: list[Stray], found: Elsewhere) -> None:
    """What an answer calls and a cell below its test defines: in the student's kernel it was there,
    from top to bottom it comes too late."""
    order = {cell.id: position for position, cell in enumerate(exam.cells)}
    ours: set[str] = set().union(*(binds(c.stub) for c in exam.cells))
    own = [s for s in strays if s.runs and s.known is None]
    for stray in strays:
        if stray.known is None or stray.known.kind is not Kind.SOLUTION or not stray.runs:
            continue
        test = _test_behind(exam, order[stray.known.id])
        early = ours.union(*(binds(s.cell.source) for s in own if s.after < test))
        late = set().union(*(defined_in(s.cell.source) for s in own if s.after >= test))
        source = stray.cell.source
        for name in sorted((loads(source) & late) - early - binds(source) - stores(source)):
            found.doubt(
                f"The answer {stray.known.id!r} uses {name}, which a cell below it defines."
            )


def _test_behind(exam: ExamNotebook, position: int) -> int:
    return next(
        (i for i, c in enumerate(exam.cells) if i > position and c.kind is Kind.TEST),
        len(exam.cells),
    )


def _prose(
    exam: ExamNotebook, position: int, place: ExamCell, strays: list[Stray], found: Elsewhere
) -> None:
    """Text or a picture that may be the answer; before the first exercise stand names and notes."""
    first = min(i for i, cell in enumerate(exam.cells) if cell.kind in ANSWERS)
    for stray in strays:
        cell, own = stray.cell, stray.known
        if stray.after < first - 1:
            continue
        if own is not None and own.kind is not Kind.SOLUTION:
            more = own.kind is Kind.TEXT and letters(cell.source) - letters(own.stub) >= PROSE
        else:
            more = prose(cell) >= (BESIDE if stray.after == position else PROSE)
        if len(found.beside.get(place.id, ())) >= SHOWN:
            return
        if more or cell.attachments:
            found.doubt(
                f"{place.id!r} is not answered in its own cell, but another cell holds what may be "
                "the answer: it is shown below the question."
            )
            found.show(place.id, cell)


def _code(
    exam: ExamNotebook,
    position: int,
    place: ExamCell,
    strays: list[Stray],
    found: Elsewhere,
    *,
    answered: bool,
) -> None:
    test = _test_behind(exam, position)
    wanted = names_of(place.stub) or _asked_for(exam, position, test)
    for stray in strays:
        if stray.known is place or not wanted:
            continue
        code = stray.cell.type == "code" and stray.known is None
        names = (defined_in if code else _mentioned)(stray.cell.source)
        if not names_of(place.stub) and code:
            names = names_of(stray.cell.source)
        if not wanted & names:
            continue
        if answered:
            late = stray.runs and stray.after >= test and names_of(place.stub)
            if late and wanted <= written_in(stray.cell.source):
                found.doubt(f"{place.id!r} is answered once more below its test, which is late.")
                found.show(place.id, stray.cell)
        elif stray.runs and stray.after < position and wanted <= names:
            found.stubs.add(place.id)
            found.incidents.append(
                f"The answer {place.id!r} stands above its own cell, which is untouched: it was "
                "taken from there."
            )
        elif not stray.runs or stray.after >= test or stray.after < position:
            where = "at another place" if stray.runs else "in a cell that does not run"
            found.doubt(
                f"{place.id!r} is not answered in its own cell, but an answer seems to stand "
                f"{where}: it is shown below the question."
            )
            found.show(place.id, stray.cell)


def _asked_for(exam: ExamNotebook, position: int, test: int) -> set[str]:
    """What the locked cells behind a place read that nothing before it defines: the names of an
    answer whose stub names nothing."""
    before: set[str] = set().union(*(binds(c.stub) for c in exam.cells[:position]))
    behind = [c.stub for c in exam.cells[position + 1 : test] if c.kind is Kind.CHECKPOINT]
    read: set[str] = set().union(*(loads(text) for text in behind))
    return read - before


def _mentioned(text: str) -> set[str]:
    return {a or b for a, b in DEFINING.findall(text)}
