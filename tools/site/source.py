"""The folder that Sphinx reads: the site's own pages, the labs' pages, and for instructors
docs/."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

import nbformat

from .bundle import ROOT, downloads
from .drawing import figure
from .errors import BuildError
from .notebook import Lab, labs, page

# [text](../CHANGELOG.md): a file of the repository that is no page of the site
OUTSIDE = re.compile(r"\[([^\]]+)\]\(\.\./[^)]*\)")
# a line of the first page that is filled in
FILLED = re.compile(r"^\[(labs|motion)\]$", re.MULTILINE)

INSTRUCTORS = """
```{toctree}
:hidden:
:caption: For instructors

instructors/index
```
"""


def assemble(folder: Path, audience: str) -> None:
    """Write everything into `folder`, which must not exist. Raises BuildError."""
    found = labs(ROOT / "release")
    if not found:
        raise BuildError("release/ holds no notebooks: make release")
    shutil.copytree(ROOT / "site" / "pages", folder)
    shutil.copytree(ROOT / "site" / "_static", folder / "_static")
    shutil.copy(ROOT / "site" / "conf.py", folder)
    for lab in found:
        _write_lab(lab, folder)
    what_if = (ROOT / "docs" / "what-if.md").read_text()
    (folder / "what-if.md").write_text(what_if)
    start = folder / "index.md"
    parts = {"labs": listing(found), "motion": f"```{{raw}} html\n{_motion()}\n```"}
    start.write_text(FILLED.sub(lambda match: parts[match[1]], start.read_text()))
    downloads(folder / "extra" / "downloads", found)
    if audience == "instructors":
        start.write_text(start.read_text() + INSTRUCTORS)
        _write_docs(folder / "instructors")
    else:
        shutil.rmtree(folder / "instructors")


def _motion() -> str:
    try:
        return figure(json.loads((ROOT / "site" / "data" / "motion.json").read_text()))
    except (FileNotFoundError, ValueError, KeyError):
        again = "python -m tools.site.motion makes it"
        raise BuildError(f"site/data/motion.json is missing or damaged: {again}.") from None


def _write_lab(lab: Lab, folder: Path) -> None:
    master = ROOT / "source" / lab.assignment / lab.path.name
    if not master.is_file():
        raise BuildError(f"{os.path.relpath(master, ROOT)} is missing: its outputs are shown.")
    target = folder / f"{lab.page}.ipynb"
    target.parent.mkdir(exist_ok=True)
    try:
        made = page(lab, master, folder / "_static")
    except ValueError as error:
        raise BuildError(f"{os.path.relpath(master, ROOT)}: {error}.") from None
    nbformat.write(made, target)


def listing(found: Iterable[Lab]) -> str:
    """The labs and their exercises, each a link: from here everything is one tap away."""
    lines = []
    for _, group in groupby(found, key=lambda lab: lab.assignment):
        for lab in group:
            lines += [f"### [{lab.title}]({lab.page}.ipynb)", ""]
            lines += [
                f"- [{exercise.title}](#{exercise.anchor}), {exercise.minutes}, {exercise.points}"
                for exercise in lab.exercises()
            ]
            lines += [""]
    return "\n".join(lines)


def _write_docs(folder: Path) -> None:
    for path in sorted((ROOT / "docs").glob("*.md")):
        if path.name != "what-if.md":
            text = OUTSIDE.sub(r"`\1`", path.read_text())
            # Mermaid would need a script of its own; its text can be read too
            (folder / path.name).write_text(text.replace("```mermaid", "```text"))
    shutil.copytree(ROOT / "docs" / "img", folder / "img")
