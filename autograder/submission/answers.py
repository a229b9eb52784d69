"""Whether a cell holds an answer at all, and what an answer defines; told from its text alone."""

from __future__ import annotations

import ast
import re
import warnings
from functools import lru_cache

from ..assignment.cells import grade_id
from ..assignment.exam import ExamCell, ExamNotebook, Kind
from .read import Submission

ANSWERS = (Kind.SOLUTION, Kind.MANUAL)
BINDING = re.compile(r"^(?:async +)?(?:def|class) +(\w+)|^(\w+) *=(?!=)", re.MULTILINE)
LONG = 20_000  # characters: longer than any answer, and slow to parse


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
        return "".join(text.split())
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


def parsed(text: str) -> ast.Module | None:
    """The syntax tree, or None where `text` is no Python that can be parsed."""
    try:
        with warnings.catch_warnings(action="ignore"):
            return ast.parse(text) if len(text) <= LONG else None
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


@lru_cache(maxsize=512)
def names_of(text: str) -> frozenset[str]:
    """What a cell of code defines at its top level, also where it is no Python as a whole."""
    tree, found = parsed(text), set()
    if tree is None:
        return frozenset(a or b for a, b in BINDING.findall(text))
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name)}
    return frozenset(found)


@lru_cache(maxsize=512)
def defined_in(text: str) -> frozenset[str]:
    """The functions and classes that a cell defines at its top level, a name for another one
    included; a number is none."""
    tree, found = parsed(text), set()
    if tree is None:
        return names_of(text)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign) and isinstance(
            node.value, ast.Lambda | ast.Name | ast.Attribute
        ):
            found |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return frozenset(found)


@lru_cache(maxsize=512)
def imports_of(text: str) -> frozenset[str]:
    """The modules that a cell imports, by each part of their names; magics are passed over."""
    lines = (line for line in text.splitlines() if not line.lstrip().startswith(("%", "!")))
    tree, found = parsed("\n".join(lines)), set()
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.Import):
            found |= {part for alias in node.names for part in alias.name.split(".")}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= set(node.module.split("."))
    return frozenset(found)
