"""An assignment as data, read from its masters in `source/`: cells, ids, points, stubs."""

from __future__ import annotations

import copy
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import ClearHiddenTests, ClearMarkScheme, ClearSolutions
from nbgrader.utils import compute_checksum, is_grade, is_solution
from traitlets.config import Config

from ..checks.brought import course_around
from ..checks.registry import Registry, of_course
from ..errors import OneLine
from .cells import grade_id

CHECK_CALL = re.compile(r"""^\s*check\(\s*["'](\w+)["']\s*\)\s*$""", re.MULTILINE)


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


@dataclass(frozen=True)
class ExamCell:
    """One cell of a master. `exercise` is set for what is marked: automatic tests and free-text
    answers."""

    id: str
    kind: Kind
    points: float
    exercise: str
    stub: str


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

    @cached_property
    def digest(self) -> str:
        """SHA-256 of every master and brought check: changes when anything that is marked
        changes."""
        parts = [(n.name, n.text) for n in self.notebooks] + list(self.registry.brought)
        return hashlib.sha256(
            "\0".join(name + "\0" + text for name, text in parts).encode()
        ).hexdigest()

    @property
    def max_points(self) -> float:
        return sum(cell.points for notebook in self.notebooks for cell in notebook.graded())

    def only(self, names: set[str]) -> Exam:
        """The part of the exam that lies in the notebooks `names`."""
        return Exam(
            self.assignment, tuple(n for n in self.notebooks if n.name in names), self.registry
        )

    def notebook(self, name: str) -> ExamNotebook:
        for notebook in self.notebooks:
            if notebook.name == name:
                return notebook
        raise ExamError(
            f"{self.assignment} has no notebook {name!r}: it has "
            f"{[n.name for n in self.notebooks]}."
        )


def read_exam(source: Path, assignment: str, packages: Iterable[str] = ()) -> Exam:
    """Read `source/<assignment>/*.ipynb`, and the checks that mark it: the course's own, else those
    of `packages`. Raises OneLine when the folder, a master or a check is missing or broken."""
    folder = Path(source) / assignment
    paths = sorted(folder.glob("*.ipynb")) if folder.is_dir() else []
    if not paths:
        found = sorted(p.name for p in Path(source).glob("*") if p.is_dir())
        raise ExamError(
            f"No masters in {folder}: choose an assignment of {found or 'a course (see --course)'}."
        )
    notebooks = tuple(_read_master(str(path), path.stat().st_mtime_ns) for path in paths)
    tests = [c.exercise for n in notebooks for c in n.graded() if c.kind is Kind.TEST]
    return Exam(assignment, notebooks, of_course(course_around(folder), tests, packages))


@lru_cache(maxsize=32)
def _read_master(path: str, mtime: int) -> ExamNotebook:
    name = Path(path).stem
    try:
        master = nbformat.read(path, as_version=4)
    except Exception as error:
        raise ExamError(
            f"The master {path} cannot be read ({error}): run `make notebooks`."
        ) from error
    for cell in master.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    master.metadata = {
        k: v for k, v in master.metadata.items() if k in ("kernelspec", "language_info")
    }
    release = release_version(master)
    cells = tuple(
        _classify(cell, stub) for cell, stub in zip(master.cells, release.cells, strict=True)
    )
    for cell, stub in zip(master.cells, release.cells, strict=True):
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader["checksum"] = compute_checksum(stub)
    return ExamNotebook(name, cells, nbformat.writes(master))


def release_version(master: NotebookNode) -> NotebookNode:
    """What a student gets of `master`: nbgrader's own preprocessors, without a database."""
    config = Config({"ClearMarkScheme": {"enforce_metadata": False}})
    notebook = copy.deepcopy(master)
    resources: dict[str, Any] = {}
    for preprocessor in (ClearSolutions, ClearHiddenTests, ClearMarkScheme):
        notebook, resources = preprocessor(config=config).preprocess(notebook, resources)
    return notebook


def _classify(cell: NotebookNode, stub: NotebookNode) -> ExamCell:
    grade, solution = is_grade(cell), is_solution(cell)
    points = float(cell.metadata.get("nbgrader", {}).get("points") or 0)
    id, exercise = grade_id(cell) or cell.get("id", ""), ""
    if grade and solution:
        kind, exercise = Kind.MANUAL, id
    elif solution:
        kind = Kind.SOLUTION
    elif grade and cell.cell_type == "code":
        found = CHECK_CALL.findall(cell.source)
        kind = Kind.TEST if found else Kind.CHECKPOINT
        if points and len(found) != 1:
            raise ExamError(f'The test cell {id!r} must hold exactly one line check("<exercise>").')
        exercise = found[0] if found else ""
    elif cell.cell_type == "code":
        kind = Kind.SETUP if "setup" in cell.metadata.get("tags", []) else Kind.DEMONSTRATION
    else:
        kind = Kind.TEXT
    return ExamCell(id, kind, points, exercise, stub.source)
