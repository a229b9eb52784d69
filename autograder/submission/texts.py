"""Notebooks as texts: scripts and Markdown that jupytext, nbconvert, VS Code or Spyder write."""

from __future__ import annotations

import json
import re
from pathlib import PurePosixPath

import jupytext
import nbformat
from nbformat import NotebookNode

from .decode import Unreadable, decode

ENDINGS = {".py": "py", ".md": "md", ".myst": "md", ".qmd": "md", ".rmd": "md", ".txt": ""}
LONGEST, MOST_LINES, MOST_CELLS = 200_000, 5_000, 500
MARKED = re.compile(r"^# ?(?:%%|In\[[ \d]*\]:|<codecell>|\+)", re.MULTILINE)
FENCED = re.compile(r"^```+ *(?:\{code-cell\}|\{?python)", re.MULTILINE)
ANCHOR = re.compile(r"(?:^|[:\-\[,{?]) *&\w", re.MULTILINE)  # of YAML: few bytes make many
SCRIPT_HEADER = re.compile(r"\A(?:#![^\n]*\n|# -\*-[^\n]*\n)*# ---\n(?:#[^\n]*\n)*?# ---\n")
PAGE_HEADER = re.compile(r"\A---\n.*?^---\n", re.DOTALL | re.MULTILINE)
NUMBERED = re.compile(r"^# In ?\[[ \d]*\]:[ \t]*$|^# <codecell>[ \t]*$", re.MULTILINE)


def notebook_of(name: str, data: bytes) -> bytes | None:
    """The notebook, as JSON, in a text of this file name; None when the text is no notebook."""
    ending = PurePosixPath(name).suffix.lower()
    if ending not in ENDINGS or len(data) > LONGEST:
        return None
    try:
        text = decode(data)[0].replace("\r\n", "\n").replace("\r", "\n")
    except Unreadable:
        return None
    if text.count("\n") > MOST_LINES:
        return None
    script = bool(MARKED.search(text))
    if not script and not FENCED.search(text):
        return None
    if len(MARKED.findall(text)) + len(FENCED.findall(text)) > MOST_CELLS:
        return None
    notebook = _script(text) if script else _page(text)
    return None if notebook is None else json.dumps(notebook).encode()


def _script(text: str) -> NotebookNode | None:
    return _read(NUMBERED.sub("# %%", SCRIPT_HEADER.sub("", text)), "py:percent")


def _page(text: str) -> NotebookNode | None:
    text = PAGE_HEADER.sub("", text)
    if ANCHOR.search(text):
        return None
    if "{code-cell}" not in text:
        return _read(text, "md")
    return _read(text, "md:myst")


def _read(text: str, format: str) -> NotebookNode | None:
    try:
        notebook = jupytext.reads(text, fmt=format)
    except Exception:  # whatever a text that is no notebook does to its parser
        return None
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    return nbformat.from_dict(notebook) if notebook.cells else None
