"""What nbgrader wrote into a cell of a master; whether it is graded or a solution, nbgrader.utils
tells."""

from __future__ import annotations

from nbformat import NotebookNode


def grade_id(cell: NotebookNode) -> str:
    """nbgrader's name of a cell; "" where it has none."""
    return cell.metadata.get("nbgrader", {}).get("grade_id") or ""
