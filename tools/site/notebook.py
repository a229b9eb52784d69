"""A page of a released notebook: what students are given, with the outputs that the master has for
given cells. Nothing else of the master is read, and nothing is run."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from .boxes import FACTS, boxes
from .errors import BuildError
from .pictures import taken_out

PICTURES = "_static/pictures"
HEADING = re.compile(r"^# (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Exercise:
    """What a page offers to do. `anchor`: where it stands, `#anchor`."""

    anchor: str
    title: str
    minutes: str
    points: str


@dataclass(frozen=True)
class Lab:
    """One released notebook."""

    assignment: str
    path: Path
    notebook: NotebookNode

    @property
    def page(self) -> str:
        return f"{self.assignment}/{self.path.stem}"

    @property
    def title(self) -> str:
        found = HEADING.search(self.notebook.cells[0].source)
        return found[1] if found else self.path.stem

    def exercises(self) -> Iterator[Exercise]:
        for cell in self.notebook.cells:
            for match in FACTS.finditer(cell.source) if cell.cell_type == "markdown" else ():
                minutes, points = [fact.strip() for fact in match["facts"].split("&nbsp;")][:2]
                yield Exercise(anchor(cell), match["title"], minutes, points)


def anchor(cell: NotebookNode) -> str:
    """A cell's id as Sphinx writes it in addresses."""
    return cell.id.replace("_", "-")


def labs(release: Path) -> list[Lab]:
    """All released notebooks, in the order of their names; the longest assignment first, for it
    is the one to begin with."""
    found = [Lab(path.parent.name, path, _read(path)) for path in sorted(release.glob("*/*.ipynb"))]
    sizes = {lab.assignment: 0 for lab in found}
    for lab in found:
        sizes[lab.assignment] += 1
    return sorted(found, key=lambda lab: (-sizes[lab.assignment], lab.assignment, lab.path.name))


def _read(path: Path) -> NotebookNode:
    try:
        text = path.read_text()
        content = json.loads(text)
        if not isinstance(content, dict) or content.get("nbformat") != 4:
            raise ValueError("it is not of format 4")
        notebook = nbformat.reads(text, as_version=4)
        nbformat.validate(notebook)
    except (ValueError, nbformat.ValidationError) as error:
        reason = str(error).partition("\n")[0]
        raise BuildError(f"{path.parent.name}/{path.name} is no notebook: {reason}") from None
    return notebook


def page(lab: Lab, master: Path, static: Path) -> NotebookNode:
    """The notebook that becomes the page. Its pictures go into `static`'s folder.

    Raises FileNotFoundError when the master is missing, BuildError when it is no notebook.
    """
    outputs = {
        cell.id: cell.outputs
        for cell in _read(master).cells
        if cell.cell_type == "code" and _is_given(cell)
    }
    kernel = lab.notebook.metadata.get("kernelspec", {})
    made = nbformat.v4.new_notebook(metadata={"kernelspec": kernel})
    for number, cell in enumerate(lab.notebook.cells):
        made.cells.append(_cell(cell, outputs.get(cell.id, []), static))
        if number == 0:
            made.cells.append(nbformat.v4.new_markdown_cell(_take_along(lab)))
    return made


def _take_along(lab: Lab) -> str:
    """Links at the top: what to take along, and the exercises, which no menu shows."""
    name = f"{lab.assignment}/{lab.path.name}"
    exercises = " ".join(
        f'<li><a href="#{exercise.anchor}">{html.escape(exercise.title)}</a></li>'
        for exercise in lab.exercises()
    )
    return (
        f'<p class="take-along"><a href="../downloads/{name}" download>Download this notebook</a> '
        f'<a href="../students.html">How to run it</a></p>\n'
        f'<nav class="exercises" aria-label="Exercises"><ul>{exercises}</ul></nav>'
    )


def _nbgrader(cell: NotebookNode) -> dict[str, Any]:
    return cell.metadata.get("nbgrader", {})


def _is_given(cell: NotebookNode) -> bool:
    """Whether the cell is part of the demonstration: locked, no answer, no test, no checkpoint."""
    facts = _nbgrader(cell)
    return bool(facts.get("locked")) and not facts.get("solution") and not facts.get("grade")


def _cell(cell: NotebookNode, outputs: list[NotebookNode], static: Path) -> NotebookNode:
    facts = _nbgrader(cell)
    if cell.cell_type == "markdown":
        text = _PLACE if facts.get("solution") else boxes(cell.source, anchor(cell))
        return nbformat.v4.new_markdown_cell(text)
    if cell.cell_type != "code":
        return cell
    if facts.get("grade") and facts.get("points") and _is_comment(cell.source):
        return nbformat.v4.new_markdown_cell(_looked_at(cell.source, facts["points"]))
    kind = "answer" if facts.get("solution") else "checkpoint" if facts.get("grade") else "given"
    made = nbformat.v4.new_code_cell(cell.source, metadata={"tags": [kind]})
    made.outputs = [_shown(output, static) for output in outputs if _is_given(cell)]
    return made


_PLACE = ":::{div} answer-place\nYour answer goes here, in your own words.\n:::"


def _is_comment(source: str) -> bool:
    return all(line.startswith("#") for line in source.splitlines() if line.strip())


def _looked_at(source: str, points: float) -> str:
    words = " ".join(line.lstrip("# ") for line in source.splitlines() if line.strip())
    plural = "" if points == 1 else "s"
    return f":::{{div}} looked-at\n**Hidden tests, {points:g} point{plural}.** {words}\n:::"


def _shown(output: NotebookNode, static: Path) -> NotebookNode:
    if text := output.get("data", {}).get("text/html"):
        output = nbformat.from_dict(output)
        output.data["text/html"] = taken_out(text, static / "pictures", f"../{PICTURES}")
    return output
