"""The table mistake → message: what each wrong answer's student reads, as a page for whoever mends
the sentences."""

from __future__ import annotations

import re
from pathlib import Path

from .outcome import Audit, Exercise, Marked

MOST = 3
HEAD = """# What a mistake is told

Made by `ntk audit --mistakes`; a test compares it with what the checks say today. One row for each wrong answer in
`tests/answers`: what it does, and what is said of its lost criteria, up to three different sentences. Numbers change from one
marking to the next. A sentence should point to the mistake and not give the solution away; whoever writes a check reads this
page as a student would.
"""  # noqa: E501  (lines of the page)


def write(audit: Audit, path: Path) -> None:
    """Write the page, or renew on it the sections of the exercises that were audited."""
    kept = sections(path.read_text()) if path.is_file() else {}
    new = {exercise.id: section(exercise) for exercise in audit.exercises if exercise.wrong}
    path.write_text(HEAD + "".join((kept | new).values()))


def sections(text: str) -> dict[str, str]:
    """{exercise: its section} of a page."""
    parts = re.split(r"^(?=\n## )", text, flags=re.MULTILINE)[1:]
    return {re.match(r"\n## (.*)", part)[1]: part for part in parts}  # type: ignore[index]


def section(exercise: Exercise) -> str:
    rows = [f"| {escaped(title_of(marked))} | {told(marked)} |" for marked in exercise.wrong]
    return (
        "\n".join(
            [f"\n## {exercise.id}\n", "| the answer | what its student reads |", "|---|---|", *rows]
        )
        + "\n"
    )


def title_of(marked: Marked) -> str:
    """The answer's first line without the mistake's name."""
    return re.sub(r"\s*\[[\w-]+\]$", "", marked.title)


def told(marked: Marked) -> str:
    by_message: dict[str, list[str]] = {}
    for criterion, message in marked.lost.items():
        by_message.setdefault(message, []).append(criterion)
    lines = [f"*{', '.join(names)}*: {escaped(message)}" for message, names in by_message.items()]
    more = [f"and {len(lines) - MOST} more"] if len(lines) > MOST else []
    return "<br>".join(lines[:MOST] + more)


def escaped(text: str) -> str:
    """One line of a Markdown table that shows the text as it is."""
    return re.sub(r"([\\`*_|<>\[\]$])", r"\\\1", " ".join(text.split()))
