"""An assignment as data: cells, ids, points, stubs, and the files beside them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property

import nbformat
from nbformat import NotebookNode

from ..checks.ordinary.cell import TestCell
from ..checks.registry import Registry
from ..errors import OneLine
from .beside import Files


class ExamError(OneLine):
    """The assignment itself is missing or malformed."""


class Kind(Enum):
    """What a master's cell is for. Only SETUP, SOLUTION and a student's own cells run again after a
    crash."""

    TEXT = "text"
    SETUP = "setup"
    DEMONSTRATION = "demonstration"
    SOLUTION = "solution"
    CHECKPOINT = "checkpoint"
    TEST = "test"
    MANUAL = "manual"
    TASK = "task"


@dataclass(frozen=True)
class ExamCell:
    """One cell of a master. `exercise` is set for what is marked: automatic tests, answers and
    tasks that a person marks.

    open: nbgrader does not lock it: it is the student's own from the beginning. test: the code of
    an ordinary test, where no check marks the exercise. fails: it ends in an error on purpose.
    """

    id: str
    kind: Kind
    points: float
    exercise: str
    stub: str
    open: bool = False
    test: TestCell | None = None
    fails: bool = False

    @property
    def by_hand(self) -> bool:
        """Whether a person marks it."""
        return self.kind in (Kind.MANUAL, Kind.TASK)


@dataclass(frozen=True)
class ExamNotebook:
    """One master notebook without outputs; `text` is its JSON."""

    name: str
    cells: tuple[ExamCell, ...]
    text: str

    def fresh(self) -> NotebookNode:
        """The master as a new notebook object that the caller may change."""
        return nbformat.reads(self.text, as_version=4)

    def graded(self) -> Iterator[ExamCell]:
        """The cells that carry points, in order."""
        return (cell for cell in self.cells if cell.exercise)


@dataclass(frozen=True)
class Exam:
    """An assignment. Plain data: it pickles, and travels to workers that have no course folder."""

    assignment: str
    notebooks: tuple[ExamNotebook, ...]
    registry: Registry = Registry()
    """The checks that mark it."""
    files: Files = ()
    """What lies beside the notebooks."""

    @cached_property
    def digest(self) -> str:
        """SHA-256 of every master, brought check and file beside them: changes when anything that
        is marked changes."""
        parts = [(n.name, n.text) for n in self.notebooks] + list(self.registry.brought)
        parts += [(name, hashlib.sha256(data).hexdigest()) for name, data in self.files]
        return hashlib.sha256(
            "\0".join(name + "\0" + text for name, text in parts).encode()
        ).hexdigest()

    @property
    def marked(self) -> dict[tuple[str, str], ExamCell]:
        """{(notebook, cell's id): cell} of all that carries points, and with it the exercise of a
        mark in the gradebook. The id alone would not do: it is unique in a notebook only."""
        return {(n.name, cell.id): cell for n in self.notebooks for cell in n.graded()}

    @property
    def max_points(self) -> float:
        return sum(cell.points for notebook in self.notebooks for cell in notebook.graded())

    def only(self, names: set[str]) -> Exam:
        """The part of the exam that lies in the notebooks `names`."""
        return replace(self, notebooks=tuple(n for n in self.notebooks if n.name in names))

    def notebook(self, name: str) -> ExamNotebook:
        for notebook in self.notebooks:
            if notebook.name == name:
                return notebook
        raise ExamError(
            f"{self.assignment} has no notebook {name!r}: it has "
            f"{[n.name for n in self.notebooks]}."
        )
