"""A verdict's table, in text and in HTML, as a test cell shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

# style sheets differ in the space between columns; this is there in all of them
GAP = "&nbsp;&nbsp;"


@dataclass(frozen=True)
class Row:
    """A criterion as it is shown. `score` is "earned/possible", or a dash where nothing counts."""

    name: str
    passed: bool
    score: str
    message: str


def text(title: str, points: str, rows: Sequence[Row]) -> str:
    """A line with `title` and `points` ("2 of 3 points"), then one for each row."""
    shown = [(r.name, "passed" if r.passed else "not yet", r.score, r.message) for r in rows]
    widths = [max(len(row[i]) for row in shown) if shown else 0 for i in range(3)]
    lines = [f"{title}: {points}"]
    for name, state, score, message in shown:
        line = f"  {name:<{widths[0]}}  {state:<{widths[1]}}  {score:>{widths[2]}}  {message}"
        lines.append(line.rstrip())
    return "\n".join(lines)


def html(title: str, points: str, rows: Sequence[Row]) -> str:
    """The same as an HTML table, of what `autograder.clean` lets through."""
    short = "vertical-align:top;white-space:nowrap"
    body = "".join(
        f'<tr><th scope="row" style="text-align:left;{short}">{escape(r.name)}{GAP}</th>'
        f'<td style="{short}">{"✓ passed" if r.passed else "✗ not yet"}{GAP}</td>'
        f'<td style="text-align:right;{short}">{escape(r.score)}{GAP}</td>'
        f'<td style="text-align:left;vertical-align:top">{escape(r.message)}</td></tr>'
        for r in rows
    )
    head = "".join(
        f'<th scope="col" style="text-align:left">{column}{GAP}</th>'
        for column in ("Criterion", "Result", "Points", "What it says")
    )
    return (
        f"<table><caption><strong>{escape(title)}</strong>: {points}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )
