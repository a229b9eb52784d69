"""What nbgrader wrote into a cell of a master; whether it is graded or a solution, nbgrader.utils
tells."""

from __future__ import annotations

import hashlib
import re

from nbformat import NotebookNode


def grade_id(cell: NotebookNode) -> str:
    """nbgrader's name of a cell; "" where it has none."""
    return cell.metadata.get("nbgrader", {}).get("grade_id") or ""


def worth(cell: NotebookNode) -> float:
    """What the cell is worth; 0 where nbgrader says nothing of it."""
    return float(cell.metadata.get("nbgrader", {}).get("points") or 0)


def is_setup(cell: NotebookNode) -> bool:
    """Whether its author says that later cells need it."""
    return "setup" in cell.metadata.get("tags", [])


def is_open(cell: NotebookNode) -> bool:
    """Whether the cell is the student's to change from the beginning: nbgrader knows nothing of
    it."""
    return not grade_id(cell) and not is_setup(cell)


def may_fail(cell: NotebookNode) -> bool:
    """Whether its author means it to end in an error: by Jupyter's tag, or as it did when it was
    saved."""
    saved = any(output.output_type == "error" for output in cell.get("outputs", []))
    return saved or "raises-exception" in cell.metadata.get("tags", [])


def set_ids(notebook: NotebookNode) -> None:
    """Set each cell's id to its grade_id, else to a hash of its content; a repeated one gets a
    number."""
    seen: dict[str, int] = {}
    for cell in notebook.cells:
        content = hashlib.sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()[:12]
        wanted = re.sub(r"[^\w-]", "-", grade_id(cell) or content, flags=re.A)[:56]
        seen[wanted] = seen.get(wanted, 0) + 1
        cell.id = wanted if seen[wanted] == 1 else f"{wanted}-{seen[wanted]}"
