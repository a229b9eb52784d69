"""Courses as others have them: notebooks of plain nbgrader cells, without texts, tags or checks."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Mapping
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

THREE_LINES = """c = get_config()
from autograder import configure
configure(c, course_id="course101")
"""
STOCK = """c = get_config()
c.CourseDirectory.course_id = "course101"
"""


def _graded(cell: NotebookNode, id: str, **flags: object) -> NotebookNode:
    wanted = {"grade": False, "solution": False, "locked": False, "task": False} | flags
    cell.metadata["nbgrader"] = {"schema_version": 3, "grade_id": id} | wanted
    if not (wanted["grade"] or wanted["task"]):
        cell.metadata["nbgrader"].setdefault("cell_type", cell.cell_type)
    return cell


def _text(source: str) -> str:
    return textwrap.dedent(source).strip("\n")


def plain(source: str) -> NotebookNode:
    """Code that nbgrader knows nothing of."""
    return new_code_cell(_text(source))


def locked(id: str, source: str) -> NotebookNode:
    return _graded(new_code_cell(_text(source)), id, locked=True)


def solution(id: str, source: str) -> NotebookNode:
    """`source` is the answer; the whole cell becomes a stub, unless it has a region of its own."""
    return _graded(new_code_cell(_text(source)), id, solution=True)


def graded(id: str, source: str, points: float = 1) -> NotebookNode:
    cell = new_code_cell(_text(source))
    return _graded(cell, id, grade=True, locked=True, points=points)


def by_hand(id: str, source: str, points: float = 1, *, code: bool = True) -> NotebookNode:
    cell = (new_code_cell if code else new_markdown_cell)(_text(source))
    return _graded(cell, id, grade=True, solution=True, points=points)


def task(id: str, source: str, points: float = 1) -> NotebookNode:
    return _graded(new_markdown_cell(_text(source)), id, task=True, locked=True, points=points)


def text(source: str) -> NotebookNode:
    return new_markdown_cell(_text(source))


def notebook(cells: Iterable[NotebookNode], *, ids: bool = True, kernel: str = "python3") -> str:
    """A notebook's JSON; without ids as before format 4.5."""
    spec = {"name": kernel, "display_name": kernel, "language": "python"}
    made = new_notebook(cells=list(cells), metadata={"kernelspec": spec})
    if not ids:
        made.nbformat_minor = 4
        for cell in made.cells:
            del cell["id"]
    return nbformat.writes(made, version=nbformat.NO_CONVERT)


def make(
    folder: Path,
    notebooks: Mapping[str, str],
    *,
    config: str = THREE_LINES,
    assignment: str = "ps1",
    files: Mapping[str, bytes] | None = None,
) -> Path:
    """A course folder with one assignment more: {notebook's name: JSON}, {path: content}."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "nbgrader_config.py").write_text(config)
    source = folder / "source" / assignment
    source.mkdir(parents=True)
    for name, text in notebooks.items():
        (source / f"{name}.ipynb").write_text(text)
    for name, content in (files or {}).items():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_bytes(content)
    return folder


def answered(released: str | Path, answers: Mapping[str, str]) -> str:
    """A released notebook with answers {grade_id: source} in it."""
    text = released.read_text() if isinstance(released, Path) else released
    body = json.loads(text)
    left = dict(answers)
    for cell in body["cells"]:
        id = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if id in left:
            cell["source"] = left.pop(id)
    assert not left, left
    return json.dumps(body)
