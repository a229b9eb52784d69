"""Cleans a whole notebook for showing: cells, outputs, attachments and metadata."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from ..text import strip_controls
from .images import MIB, clean_attachments
from .markdown import MARKDOWN_LIMIT, clean_markdown
from .outputs import OVERHEAD, clean_outputs, count, joined
from .terminal import cut

MAX_SOURCE = 100_000  # bytes of a code cell that is shown
MAX_LINE = 2_000
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_FLAGS = ("grade", "solution", "locked", "task")


def clean_notebook(
    nb: Mapping, limit_per_cell: int = MIB, limit_total: int = 8 * MIB
) -> tuple[NotebookNode, list[str]]:
    """A copy of `nb` (nbformat 4) that is safe to show, and incidents that name the cell.

    Every code cell's outputs, every Markdown cell and its attachments are cleaned; a raw cell
    becomes quoted text; of the metadata only nbgrader's own stays, checked. The outputs share
    `limit_total` bytes. `nb` itself is unchanged.
    """
    made, incidents, left = [], [], limit_total
    cells = nb.get("cells") if isinstance(nb, Mapping) else None
    for number, cell in enumerate(cells if isinstance(cells, list) else []):
        if not isinstance(cell, Mapping):
            incidents.append(f"cell {number + 1}: this is no cell and was left out.")
            continue
        new, notes = _clean_cell(cell, min(limit_per_cell, left))
        new.id = (
            cell["id"]
            if isinstance(cell.get("id"), str) and _ID.fullmatch(cell["id"])
            else f"cell-{number + 1}"
        )
        left -= sum(_bytes(output) for output in new.get("outputs", []))
        incidents += [f"{new.id}: {text}" for text in notes]
        made.append(new)
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return new_notebook(
        cells=made, metadata=metadata | {"language_info": {"name": "python"}}
    ), incidents


def _clean_cell(cell: Mapping, limit: int) -> tuple[NotebookNode, list[str]]:
    source, notes = joined(cell.get("source")), []
    if cell.get("cell_type") == "code":
        source = clean_source(source)
        outputs, more = clean_outputs(cell.get("outputs"), limit)
        new = new_code_cell(
            source, outputs=outputs, execution_count=count(cell.get("execution_count"))
        )
        notes += more
    else:
        attachments = clean_attachments(cell.get("attachments"))
        if cell.get("cell_type") != "markdown":
            source = "\n".join("    " + line for line in source[:MARKDOWN_LIMIT].splitlines())
        new = new_markdown_cell(clean_markdown(source, attachments))
        if attachments:
            new.attachments = attachments
    if facts := _nbgrader_facts(cell):
        new.metadata["nbgrader"] = facts
    return new, notes


def clean_source(source: Any) -> str:
    """A code cell's source for showing (never for running): no control characters, no lines or
    cells without end.

    The templates escape source, so no markup gets through; but the highlighter's time grows with
    the square of a line's length (40 kB on one line: 24 s).
    """
    lines = strip_controls(joined(source)[: 2 * MAX_SOURCE]).split("\n")
    return cut("\n".join(cut(line, MAX_LINE)[0].rstrip("\n") for line in lines), MAX_SOURCE)[0]


def _nbgrader_facts(cell: Mapping) -> dict[str, Any]:
    """nbgrader's metadata of a cell, each entry only with the type that it has to have."""
    metadata = cell.get("metadata")
    found = metadata.get("nbgrader") if isinstance(metadata, Mapping) else None
    if not isinstance(found, Mapping):
        return {}
    facts: dict[str, Any] = {key: found[key] for key in _FLAGS if isinstance(found.get(key), bool)}
    if isinstance(found.get("grade_id"), str) and _ID.fullmatch(found["grade_id"]):
        facts["grade_id"] = found["grade_id"]
    points = found.get("points")
    if isinstance(points, int | float) and not isinstance(points, bool) and 0 <= points <= 1e6:
        facts["points"] = points
    if found.get("cell_type") in ("code", "markdown"):
        facts["cell_type"] = found["cell_type"]
    if isinstance(found.get("checksum"), str) and re.fullmatch(
        r"[0-9a-f]{1,64}", found["checksum"]
    ):
        facts["checksum"] = found["checksum"]
    if found.get("schema_version") in (1, 2, 3):
        facts["schema_version"] = found["schema_version"]
    return facts


def _bytes(output: NotebookNode) -> int:
    texts = [*output.get("data", {}).values(), output.get("text", ""), *output.get("traceback", [])]
    return OVERHEAD + sum(len(text.encode()) for text in texts)
