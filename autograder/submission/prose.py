"""How much a person reads in a cell: text, not markup, code or addresses."""

from __future__ import annotations

import ast
import io
import re
import tokenize
import unicodedata

from .names import parsed
from .read import SubmittedCell

MARKUP = re.compile(r"<[^<>]{0,2000}>|https?://\S{1,2000}|\]\([^()]{0,2000}\)|!\[")
LONG = 100_000  # characters of a cell that are looked at
WIDE = 3  # a Chinese or Japanese sign says as much as so many letters


def prose(cell: SubmittedCell) -> int:
    """Letters of text in a cell of Markdown or raw text, or in a code cell that only holds text: a
    string, comments, a print of a string, or nothing that Python understands."""
    text = cell.source[:LONG]
    if cell.type == "code":
        tree = parsed(text)
        if tree is not None and any(not _says(statement) for statement in tree.body):
            return 0
        text = text if tree is None or tree.body else _comments(text)
    return letters(text)


def letters(text: str) -> int:
    """Letters outside of tags, links and addresses; those of wide scripts count more."""
    found = (c for c in MARKUP.sub(" ", text) if c.isalpha())
    return sum(WIDE if unicodedata.east_asian_width(c) in "WF" else 1 for c in found)


def _says(statement: ast.stmt) -> bool:
    """A string, or a print of strings."""
    value = statement.value if isinstance(statement, ast.Expr) else None
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
        return value.func.id == "print" and all(isinstance(a, ast.Constant) for a in value.args)
    return isinstance(value, ast.Constant)


def _comments(text: str) -> str:
    try:
        tokens = tokenize.generate_tokens(io.StringIO(text).readline)
        return "\n".join(t.string for t in tokens if t.type == tokenize.COMMENT)
    except (tokenize.TokenError, SyntaxError):
        return text
