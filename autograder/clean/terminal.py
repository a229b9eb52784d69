"""Text as a terminal would show it: lines, colours, nothing that moves a cursor; and text cut to a
size."""

from __future__ import annotations

import re

from ..text import strip_controls

CUT = "[... output cut here]"
_ESC = "\x1b"
_COLOUR = re.compile(r"\x1b\[[0-9;]{0,20}m")
# Colours; other control sequences; commands to the terminal (titles, links); a lone escape.
_SEQUENCE = re.compile(
    r"\x1b\[[0-?]{0,40}[ -/]{0,8}[@-~]|\x1b\][^\x07\x1b\n]{0,2000}(?:\x07|\x1b\\)?|\x1b[@-Z\\^_]?"
)


def cut(text: str, limit: int) -> tuple[str, bool]:
    """`text` in at most `limit` bytes of UTF-8, with a last line that says so when something is
    missing."""
    data = text.encode("utf-8", "replace") if len(text) <= limit else b""
    if len(text) <= limit and len(data) <= limit:
        return text, False
    room = max(0, limit - len(CUT) - 2)
    head = text[:room].encode("utf-8", "replace")[:room].decode("utf-8", "ignore")
    return (f"{head}\n{CUT}\n" if head else CUT[: max(0, limit)]), True


def terminal_text(text: str, limit: int, colours: int) -> tuple[str, int]:
    """`text` as a terminal would leave it, and the number of colour codes in it (at most
    `colours`).

    A carriage return starts its line anew, as progress bars do. Only the first 4 `limit` characters
    are looked at.
    """
    text, more = text[: 4 * limit + 1], len(text) > 4 * limit + 1
    text = text.replace("\r\n", "\n")
    if "\r" in text:
        text = "\n".join(line.rstrip("\r").rsplit("\r", 1)[-1] for line in text.split("\n"))
    used = 0

    def keep(match: re.Match) -> str:
        nonlocal used
        colour = used < colours and _COLOUR.fullmatch(match[0])
        used += bool(colour)
        return match[0] if colour else ""

    text = strip_controls(_SEQUENCE.sub(keep, text) if _ESC in text else text, keep=_ESC)
    if more and len(text) <= limit:  # what was left out was beyond reading: say so all the same
        text += f"\n{CUT}\n"
    return text, used
