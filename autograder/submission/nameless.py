"""Cells that have lost their names: matched with the master's by what they say and where they
stand.

Copying cells into a new notebook, a script, or an editor that drops metadata takes the names away.
"""

from __future__ import annotations

from dataclasses import replace
from difflib import SequenceMatcher

from ..assignment.exam import ExamCell, ExamNotebook, Kind
from .answers import ANSWERS, bare, cell_types
from .names import names_of
from .read import Submission, SubmittedCell

ENOUGH = 3  # cells of the master, word for word, before a notebook counts as one of ours
MOST = 500  # cells: the comparison takes the square of it


def named(submission: Submission, exam: ExamNotebook) -> Submission | None:
    """The submission with the master's names given back to its cells; None when it shares too
    little with the master. What was guessed is a doubt."""
    cells = submission.cells
    if not cells or len(cells) > MOST:
        return None
    theirs = [bare(cell.source) for cell in cells]
    ours = [bare(cell.stub) for cell in exam.cells]
    pairs: dict[int, int] = {}
    matcher = SequenceMatcher(None, theirs, ours, autojunk=False)
    for tag, i, i_end, j, j_end in matcher.get_opcodes():
        if tag == "equal":
            pairs |= {i + k: j + k for k in range(i_end - i) if ours[j + k]}
        elif tag == "replace":
            pairs |= _between(cells, range(i, i_end), exam, range(j, j_end))
    same = [i for i, j in pairs.items() if theirs[i] == ours[j]]
    if len(same) < ENOUGH:
        return None
    restored = replace(
        submission,
        cells=[
            replace(cell, id=exam.cells[pairs[i]].id if i in pairs else None)
            for i, cell in enumerate(cells)
        ],
        incidents=list(submission.incidents),
        review=list(submission.review),
    )
    restored.doubt(
        "Its cells have lost their names; they were matched by what they say and where they stand."
    )
    return restored


def _between(
    cells: list[SubmittedCell], here: range, exam: ExamNotebook, there: range
) -> dict[int, int]:
    """Cells between two that are known: an answer is told by what it defines, else by its turn."""
    found: dict[int, int] = {}
    waiting = [j for j in there if exam.cells[j].kind in ANSWERS]
    # the text nearest to the next known cell is the answer: the question stands before it
    for i in reversed(here):
        for j in reversed(waiting):
            if _fits(cells[i], exam, exam.cells[j]):
                found[i] = j
                waiting.remove(j)
                break
    return found


def _fits(cell: SubmittedCell, exam: ExamNotebook, place: ExamCell) -> bool:
    if place.kind is Kind.MANUAL:
        return cell.type == cell_types(exam)[place.id]
    wanted = names_of(place.stub)
    return cell.type == "code" and (not wanted or bool(wanted & names_of(cell.source)))
