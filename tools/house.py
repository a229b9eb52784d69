"""The map of the house, from the imports that stand in its code.

`python -m tools.house` writes the map into docs/developing.md; a test keeps it current, and keeps
the order: a wing imports only wings that stand below it, and no two files import each other, not
even by way of others.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "autograder"
GROUND, FACE = "ground", "face"
# From the roof down. Rooms that are single files stand between the wings.
ORDER = {
    "cli": "`ntk …`: the parser, and one module a command",
    "reports": "what people read: tables, the class report, explanations",
    "exporters": "nbgrader's export plug-ins: marks per exercise",
    "classroom": "a class: collecting, who handed in, Dask, results in order, dry run, watch",
    "gradebook": "nbgrader's gradebook: opening, recording, notes",
    "authoring": "masters until release: texts, running, structure, points, generating",
    "audit": "the hidden tests put to the test; knows no exercise",
    "plugins": "where nbgrader's pipeline calls us",
    "marking": "one submission: kernel, examine, mark, result, store, version",
    FACE: "`from autograder import check, configure`",
    "configuration": "what a course's nbgrader_config.py has to say",
    "course": "the course's folder and settings",
    "submission": "what was handed in: find it, read it, rebuild it",
    "assignment": "what was set: the exam as data",
    "lab": "this lab's exercises, found by name and imported by nobody",
    "checks": "the language of checks",
    "door": "the narrow door, both sides of it",
    "sandbox": "kernels that harm nobody",
    "clean": "what of a student's may be shown",
    GROUND: "limits, errors, text, locks, progress, startup, revision, printing, whole",
}
GROUND_FILES = tuple(ORDER[GROUND].split(", "))
BEGIN, END = "<!-- the map: python -m tools.house -->", "<!-- end of the map -->"
PAGE = ROOT / "docs" / "developing.md"


def modules(root: Path = ROOT) -> dict[str, Path]:
    """{dotted name: file} of every module of the package."""
    found = {}
    for path in sorted((root / PACKAGE).rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = path
    return found


def imports(name: str, path: Path, known: Mapping[str, Path]) -> Iterator[str]:
    """The package's own modules that a module imports, anywhere in it."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, *(base.split(".") if base else [])])
            for alias in node.names:
                whole = f"{base}.{alias.name}"
                if whole in known:
                    yield whole
                elif base in known:
                    yield base


def wing(name: str) -> str:
    """The wing of a module, or the room of its own that it is."""
    parts = name.split(".")
    if len(parts) == 1:
        return FACE
    return GROUND if parts[1] in GROUND_FILES else parts[1]


def arrows(root: Path = ROOT) -> dict[str, set[str]]:
    """{module: modules that it imports}."""
    known = modules(root)
    return {name: set(imports(name, path, known)) - {name} for name, path in known.items()}


def faults(found: Mapping[str, set[str]]) -> list[str]:
    """What is against the order, one sentence each."""
    order, said = list(ORDER), []
    for name, targets in found.items():
        here = wing(name)
        if here not in ORDER:
            said.append(f"{name} stands in no wing that tools/house.py knows.")
            continue
        for target in sorted(targets):
            there = wing(target)
            if order.index(there) < order.index(here):
                said.append(f"{name} imports {target}, which stands above it.")
            if there == "lab" and here != "lab":
                said.append(f"{name} imports {target}: the lab is found by name only.")
    try:
        TopologicalSorter(found).prepare()
    except CycleError as error:
        said.append("a circle: " + " imports ".join(reversed(error.args[1])))
    return said


def between_wings(found: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """{wing: wings that it imports}."""
    drawn: dict[str, set[str]] = {name: set() for name in ORDER}
    for name, targets in found.items():
        drawn[wing(name)] |= {wing(target) for target in targets} - {wing(name)}
    return drawn


def floors(drawn: Mapping[str, set[str]]) -> dict[str, int]:
    """{wing: its floor}: one above the highest wing that it imports; what imports nothing is on
    1."""
    height: dict[str, int] = {}
    for name in TopologicalSorter(drawn).static_order():
        height[name] = 1 + max((height[below] for below in drawn[name]), default=0)
    return height


def picture(drawn: Mapping[str, set[str]]) -> str:
    """The map as Mermaid. An arrow that a path over other wings implies is left out."""
    height, levels = floors(drawn), defaultdict(list)
    for name in ORDER:
        levels[height[name]].append(name)
    lines = ["```mermaid", "flowchart TD"]
    for level in sorted(levels, reverse=True):
        lines.append(f'  subgraph floor{level}["floor {level}"]')
        lines += [f'    {name}["<b>{name}</b><br>{ORDER[name]}"]' for name in levels[level]]
        lines.append("  end")
    for name in ORDER:
        for below in sorted(drawn[name], key=list(ORDER).index):
            others = drawn[name] - {below}
            if not any(below in _reached(other, drawn) for other in others):
                lines.append(f"  {name} --> {below}")
    return "\n".join([*lines, "```"])


def _reached(start: str, drawn: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    todo = [start]
    while todo:
        for below in drawn[todo.pop()] - found:
            found.add(below)
            todo.append(below)
    return found


def renewed(page: str, drawing: str) -> str:
    """The page with this drawing between its marks."""
    head, rest = page.split(BEGIN)
    return f"{head}{BEGIN}\n{drawing}\n{END}{rest.split(END)[1]}"


if __name__ == "__main__":
    found = arrows()
    for fault in faults(found):
        print(fault)
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8"), picture(between_wings(found))))
