"""Reads one master notebook: what each of its cells is for, and what students get of it."""

from __future__ import annotations

import ast
import copy
import json
import re
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import (
    ClearHiddenTests,
    ClearMarkScheme,
    ClearSolutions,
    IncludeHeaderFooter,
)
from nbgrader.utils import compute_checksum, is_grade, is_solution, is_task
from traitlets.config import Config

from ..checks.ids import CHECKPOINT
from ..checks.ordinary.cell import read_cell
from ..text import first_line
from .cells import grade_id, is_open, is_setup, may_fail, set_ids, worth
from .exam import ExamCell, ExamError, ExamNotebook, Kind

CHECK_CALL = re.compile(r"""^\s*check\(\s*["'](\w+)["']\s*\)\s*$""", re.MULTILINE)
CHECK_IMPORT = re.compile(r"^\s*from autograder import .*\bcheck\b", re.MULTILINE)
AUTOTEST = re.compile(r"^\s*#+ *(HASHED +)?AUTOTEST\b", re.MULTILINE)
WITHOUT = Config({"ClearMarkScheme": {"enforce_metadata": False}})  # a course's configuration
CLEARING = (ClearSolutions, ClearHiddenTests, ClearMarkScheme)
RELEASING = (*CLEARING, IncludeHeaderFooter)
PYTHON = ("python", "ipython", "python3", "ipython3")


def checks_called(source: str) -> list[str]:
    """The exercises whose checks a test cell calls."""
    return CHECK_CALL.findall(source) if CHECK_IMPORT.search(source) else []


def settings_of(config: Config) -> str:
    """What of a course's configuration decides how its masters are read, as text."""
    names = [preprocessor.__name__ for preprocessor in RELEASING]
    return json.dumps({n: dict(config[n]) for n in names if n in config}, default=str)


@lru_cache(maxsize=64)
def read_master(path: str, mtime: int, settings: str = "{}") -> ExamNotebook:
    """Read a master. settings: as `settings_of` has them. Raises ExamError, in one line."""
    try:
        notebook = _load(path)
    except Exception as error:
        raise ExamError(f"The master {path} cannot be read ({first_line(error)}).") from error
    name, config = Path(path).stem, Config(json.loads(settings))
    _must_be_python(notebook, path)
    notebook.metadata = {
        k: v for k, v in notebook.metadata.items() if k in ("kernelspec", "language_info")
    }
    try:
        notebook, _ = IncludeHeaderFooter(config=config).preprocess(notebook, {})
        release = release_version(notebook, config)
    except Exception as error:
        raise ExamError(
            f"nbgrader cannot release the master {path}: {first_line(error)}."
        ) from error
    fails = [may_fail(cell) for cell in notebook.cells]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    if "" in {cell.get("id", "") for cell in notebook.cells}:
        set_ids(notebook)
    hidden = ClearHiddenTests(config=config)
    delimiters = hidden.begin_test_delimeter, hidden.end_test_delimeter
    asked = frozenset(n for c in notebook.cells if is_solution(c) for n in _defined(c))
    tagged = any(map(is_setup, notebook.cells))
    cells = []
    for cell, stub, fail in zip(notebook.cells, release.cells, fails, strict=True):
        cell.id = grade_id(cell) or cell.id
        try:
            read = _classify(cell, stub.source, tagged, delimiters, asked)
            cells.append(replace(read, fails=fail))
        except ExamError as error:
            raise ExamError(f"{Path(path).name}: {error}") from error
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader["checksum"] = compute_checksum(stub)
    return ExamNotebook(name, tuple(cells), nbformat.writes(notebook))


def release_version(master: NotebookNode, config: Config = WITHOUT) -> NotebookNode:
    """What a student gets of `master`: nbgrader's own preprocessors, without a database."""
    notebook = copy.deepcopy(master)
    resources: dict[str, Any] = {}
    for preprocessor in CLEARING:
        notebook, resources = preprocessor(config=config).preprocess(notebook, resources)
    return notebook


def _load(path: str) -> NotebookNode:
    """A notebook of any version of the format; ids are kept only where all cells have one."""
    text = Path(path).read_text(encoding="utf-8-sig")
    body = json.loads(text)
    notebook = nbformat.reads(text, as_version=4)
    if not all("id" in cell for cell in body.get("cells", [{}])):
        for cell in notebook.cells:
            cell["id"] = ""
        notebook.nbformat_minor = 5
    return notebook


def _must_be_python(notebook: NotebookNode, path: str) -> None:
    told = notebook.metadata.get("language_info", {}).get("name") or notebook.metadata.get(
        "kernelspec", {}
    ).get("language")
    if told and told.lower() not in PYTHON:
        raise ExamError(
            f"{path} is a notebook in {told}: only Python can be marked; leave it to nbgrader "
            "alone."
        )


def _classify(
    cell: NotebookNode,
    stub: str,
    tagged: bool,
    delimiters: tuple[str, str],
    asked: frozenset[str],
) -> ExamCell:
    grade, solution, code = is_grade(cell), is_solution(cell), cell.cell_type == "code"
    points, id, exercise, test = worth(cell), cell.id, "", None
    if grade and solution:
        kind, exercise = Kind.MANUAL, id
    elif solution:
        kind = Kind.SOLUTION
    elif is_task(cell):
        kind, exercise = Kind.TASK, id
    elif grade and code:
        kind = Kind.TEST
        called = checks_called(cell.source)
        if len(called) > 1:
            raise ExamError(f'The test cell {id!r} must hold at most one line check("<exercise>").')
        if called:
            exercise = called[0]
        elif not points and id.startswith(CHECKPOINT):
            kind = Kind.CHECKPOINT
        elif AUTOTEST.search(cell.source):
            raise ExamError(
                f"The test cell {id!r} holds an AUTOTEST line: write its tests out as nbgrader "
                "makes them in release/."
            )
        else:
            exercise, test = id, read_cell(id, points, cell.source, delimiters, asked)
    elif code:
        # without tags nobody says which locked cells others need: then all of them
        kind = Kind.SETUP if is_setup(cell) or not tagged else Kind.DEMONSTRATION
    else:
        kind = Kind.TEXT
    return ExamCell(id, kind, points, exercise, stub, is_open(cell), test)


def _defined(cell: NotebookNode) -> set[str]:
    """The names that a solution defines."""
    if cell.cell_type != "code":
        return set()
    try:
        tree = ast.parse(cell.source)
    except (SyntaxError, ValueError):
        return set()
    names = {
        n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    }
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return names | {n.name for n in ast.walk(tree) if isinstance(n, kinds)}
