"""Keeps the code of hidden tests out of what students are shown.

An ordinary test runs beside the student's code, which can read it there. Whole lines of it are
found again; what is written in another way is not.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.utils import is_grade, is_solution

from ..checks.verdict import Verdict

COLOURS = re.compile(r"\x1b\[[0-9;]*m")
ESCAPED = re.compile(r"\\n|[\\\s]")  # also as `repr` writes a text of several lines
WITHHELD = "[Withheld: it holds code of a hidden test.]"


class Withhold:
    """Looks for lines of hidden tests in what a notebook shows. Lines that the student has written
    too are nobody's secret."""

    def __init__(self, notebook: NotebookNode, secrets: Collection[str]):
        """notebook: as it was rebuilt, before it runs."""
        shown = (c.source for c in notebook.cells if not _test(c)) if secrets else ()
        self.hidden = {_bare(line) for line in secrets}
        self.hidden -= {_bare(line) for source in shown for line in source.splitlines()}
        self.incidents: list[str] = []

    def outputs(self, cell: NotebookNode) -> None:
        """Take the outputs of a cell away when a line is in them."""
        if not _test(cell) and any(map(self._tells, _texts(cell.outputs))):
            cell.outputs = [new_output("stream", name="stdout", text=WITHHELD + "\n")]
            self._note(cell.id)

    def verdict(self, verdict: Verdict) -> Verdict:
        """The verdict without the messages that hold a line."""
        told = tuple(
            replace(c, message=WITHHELD) if self._tells(c.message) else c for c in verdict.criteria
        )
        if told != verdict.criteria:
            self._note(verdict.exercise)
        return replace(verdict, criteria=told)

    def _tells(self, text: str) -> bool:
        bare = _bare(text) if self.hidden else ""
        return any(line in bare for line in self.hidden)

    def _note(self, where: str) -> None:
        self.incidents.append(f"{where}: it showed code of a hidden test, which was withheld.")


def _bare(text: str) -> str:
    return ESCAPED.sub("", COLOURS.sub("", text))


def _test(cell: NotebookNode) -> bool:
    return is_grade(cell) and not is_solution(cell)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
