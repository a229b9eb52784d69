"""Words of others in our own lines: for a terminal, a page, a sentence. Nothing in them is
obeyed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.text import Text

_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_CONTROL_BUT_ESCAPE = re.compile("[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f-\x9f]")

# MathJax commands that make links, set styles, classes or ids, load extensions or name other
# commands.
_MACROS = re.compile(
    r"\\(?=(?:href|url|unicode|style|class|cssId|data|require|bbox|mmlToken|csname"
    r"|includegraphics|special|html[A-Z][a-z]+)(?![A-Za-z]))"
)
# change the direction of text
TURNS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def strip_controls(text: str, keep: str = "") -> str:
    """`text` with line ends made newlines, without control characters (but `keep`), lone surrogates
    replaced."""
    text = _SURROGATE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    return (_CONTROL_BUT_ESCAPE if keep else _CONTROL).sub("", text)


def break_macros(text: str) -> str:
    """`text` with a space after the backslash of every MathJax command that does more than
    typeset."""
    return _MACROS.sub(r"\\ ", text)


def one_line(text: Any, limit: int) -> str:
    """Words of the student's code as a piece of a sentence: one line, nothing that a terminal or a
    page obeys."""
    words = "".join(
        " " if c in TURNS else c for c in strip_controls(str(text)[: 4 * limit])
    ).split()
    return break_macros(" ".join(words))[:limit]


def first_line(error: BaseException) -> str:
    """What an error says, in its first line, without the full stop; its kind if it says nothing."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(". ")


def last_line(text: str) -> str:
    """The last line of an output that says something, or nothing."""
    lines = text.strip().splitlines()
    return lines[-1].strip() if lines else ""


def shown(text: str) -> Text:
    """Text that a student may have written or named, as it is: no markup, no commands to the
    terminal."""
    from rich.text import Text  # the student's side has no rich

    return Text(strip_controls(text))
