"""Whether a cell holds an answer at all, and what an answer defines; told from its text alone."""

from __future__ import annotations

import ast
from functools import lru_cache

from ..assignment.cells import grade_id
from ..assignment.exam import ExamCell, ExamNotebook, Kind
from .names import parsed
from .read import Submission

ANSWERS = (Kind.SOLUTION, Kind.MANUAL)


def bare(text: str) -> str:
    """A text without its blanks: what two cells are compared by."""
    return "".join(text.split())


def answer_cells(exam: ExamNotebook) -> dict[str, ExamCell]:
    """{id: cell} of the places for answers."""
    return {cell.id: cell for cell in exam.cells if cell.kind in ANSWERS}


@lru_cache(maxsize=64)
def cell_types(exam: ExamNotebook) -> dict[str, str]:
    """{id: "code" or "markdown"} of a master's cells."""
    return {grade_id(cell) or cell.get("id", ""): cell.cell_type for cell in exam.fresh().cells}


def is_answer(text: str, cell: ExamCell) -> bool:
    """Whether `text` answers anything: more than the stub, blanks and comments."""
    return bool(_core(text, cell)) and _core(text, cell) != _core(cell.stub, cell)


def answers_in(submission: Submission, exam: ExamNotebook) -> dict[str, str]:
    """{id: what the answer comes down to} of the places that are answered; of several copies of a
    cell the first one that answers counts, as in the rebuilt notebook."""
    places = answer_cells(exam)
    found: dict[str, str] = {}
    for cell in submission.cells:
        place = places.get(cell.id or "")
        if place and place.id not in found and is_answer(cell.source, place):
            found[place.id] = _core(cell.source, place)
    return found


def _core(text: str, cell: ExamCell) -> str:
    if cell.kind is Kind.MANUAL:
        return "".join(c for c in text if c.isalnum())
    return _code(text)


@lru_cache(maxsize=512)
def _code(text: str) -> str:
    tree = parsed(text)
    if tree is None:  # no Python as it stands: all but comments and blanks
        lines = (line for line in text.splitlines() if not line.lstrip().startswith("#"))
        return "".join("".join(line.split()) for line in lines)
    try:
        body = [piece for statement in tree.body if (piece := _substance(statement))]
    except (RecursionError, MemoryError):  # deep, and valid all the same
        return bare(text)
    return "\n".join(body)


def _substance(statement: ast.stmt) -> str:
    """A statement without docstrings, `pass`, `...` and `raise NotImplementedError`; "" when
    nothing else is in it."""
    for node in ast.walk(statement):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [inner for inner in body if not _idle(inner)]  # type: ignore[attr-defined]
    return "" if _idle(statement) else ast.dump(statement)


def _idle(statement: ast.AST) -> bool:
    if isinstance(statement, ast.Raise):
        what = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
        return isinstance(what, ast.Name) and what.id == "NotImplementedError"
    return isinstance(statement, ast.Pass) or (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    )
