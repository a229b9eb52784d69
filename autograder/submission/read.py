"""Reads what was handed in: files that may be anything at all. Nothing here raises for a student's
file."""

from __future__ import annotations

import json
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat

from .decode import Unreadable, decode
from .repair import Document, load

MAX_BYTES = 100 * 2**20
MAX_CELLS = 2000
MAX_SOURCE = 2**20
MAX_TEXT = 5 * 2**20  # characters of all cells; outputs and pictures are not among them
MAX_SENTENCES = 10


@dataclass(frozen=True)
class SubmittedCell:
    """What is read of a cell: its text, its type, the id it claims, attached pictures, and its
    outputs, which may be anything at all."""

    type: str
    source: str
    id: str | None
    attachments: dict
    outputs: list = field(default_factory=list)


@dataclass
class Submission:
    """One submitted notebook, reduced to text. `incidents` are sentences for the instructor;
    `review` are those of them for which a person must look before the marks count."""

    cells: list[SubmittedCell] = field(default_factory=list)
    incidents: list[str] = field(default_factory=list)
    review: list[str] = field(default_factory=list)
    unreadable: str = ""  # what the file is, where it is no notebook

    def doubt(self, sentence: str) -> None:
        """Note something that a person must look at."""
        self.incidents.append(sentence)
        self.review.append(sentence)


def read_bytes(path: Path, root: Path | None = None) -> bytes | None:
    """The content of a regular file, or None. Links, FIFOs, devices and oversized files are never
    followed.

    With `root`, every folder between `root` and the file must be a real folder too.
    """
    path = Path(path)
    if root is not None and any(p.is_symlink() for p in _between(path, Path(root))):
        return None
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_BYTES:
            return None
        with os.fdopen(handle, "rb", closefd=False) as file:
            return file.read(MAX_BYTES)
    finally:
        os.close(handle)


def _between(path: Path, root: Path) -> list[Path]:
    parts = Path(os.path.abspath(path)).relative_to(os.path.abspath(root)).parts
    return [Path(os.path.abspath(root), *parts[: i + 1]) for i in range(len(parts) - 1)]


def parse(data: bytes | None) -> Submission:
    """Parse a submitted notebook. An unreadable one is an empty submission that is to be
    reviewed."""
    submission = Submission()
    if data is None:
        submission.incidents.append(
            "The notebook is missing or is not a regular file: it counts as empty."
        )
        return submission
    try:
        text, encoding = decode(data)
        document = load(text)
        cells = _cells(_unwrapped(document))
    except Unreadable as error:
        return _unreadable(submission, str(error))
    except (Exception, RecursionError) as error:  # whatever nbformat makes of hostile bytes
        return _unreadable(submission, f"no notebook (it has no cells: {type(error).__name__})")
    if encoding:
        submission.incidents.append(f"The file is in {encoding}, not in UTF-8.")
    submission.incidents += document.notes
    for sentence in document.damage:
        submission.doubt(sentence)
    if len(cells) > MAX_CELLS:
        submission.doubt(f"Only the first {MAX_CELLS} of {len(cells)} cells were read.")
    room, left = MAX_TEXT, 0
    for position, cell in enumerate(cells[:MAX_CELLS], start=1):
        try:
            reduced = _reduce(cell)
        except (TypeError, ValueError, AttributeError, KeyError) as error:
            left += 1
            if left <= MAX_SENTENCES:
                submission.doubt(f"Cell {position} is malformed and was left out ({error}).")
            continue
        room -= len(reduced.source)
        if room < 0:
            submission.doubt(f"From cell {position} on its text was left out: it is too much.")
            break
        submission.cells.append(reduced)
    if left > MAX_SENTENCES:
        submission.doubt(f"{left} cells are malformed and were left out.")
    return submission


def _unreadable(submission: Submission, what: str) -> Submission:
    submission.unreadable = what
    submission.doubt(f"The notebook cannot be read, it counts as empty: it is {what}.")
    return submission


def _unwrapped(document: Document) -> Any:
    """The notebook in what a server's interface answers with, or in a list of its own."""
    body = document.body
    for _ in range(3):
        if isinstance(body, dict) and "cells" not in body and "worksheets" not in body:
            body = body.get("content", body.get("notebook", body))
        elif isinstance(body, list) and len(body) == 1:
            body = body[0]
        if isinstance(body, str):
            body = json.loads(body)
    if body is not document.body:
        document.notes.append("The notebook was wrapped in something else: it was unwrapped.")
    return body


def _cells(notebook: dict) -> list:
    """The cells of a notebook in any version of the format. nbformat itself only sees what is left
    of an old one: its check takes minutes and gigabytes for a small file with a long list of
    malformed outputs."""
    if notebook.get("nbformat", 4) == 4:
        cells = notebook["cells"]
        if not isinstance(cells, list):
            raise TypeError("the cells are no list")
        return cells
    sheets = notebook.get("worksheets", [notebook])
    cells = [_lighten(cell) for sheet in sheets for cell in sheet["cells"]][: MAX_CELLS + 1]
    light = {"nbformat": notebook["nbformat"], "nbformat_minor": 0, "metadata": {"name": ""}}
    light |= (
        {"worksheets": [{"metadata": {}, "cells": cells}]}
        if "worksheets" in notebook
        else {"cells": cells}
    )
    return nbformat.reads(json.dumps(light), as_version=4).cells


def _lighten(cell: dict) -> dict:
    """A cell of an old notebook without outputs."""
    kept = {
        key: cell[key]
        for key in ("cell_type", "input", "source", "code", "text", "language", "level")
        if key in cell
    }
    nbgrader = (cell.get("metadata") or {}).get("nbgrader")
    kept["metadata"] = {"nbgrader": nbgrader} if nbgrader else {}
    return kept | ({"outputs": [], "collapsed": False} if cell["cell_type"] == "code" else {})


def _reduce(cell: dict) -> SubmittedCell:
    source, type = cell["source"], cell["cell_type"]
    if isinstance(source, list):  # of lines, which some tools write without their ends
        bare = len(source) > 1 and not any(str(line).endswith("\n") for line in source[:-1])
        source = ("\n" if bare else "").join(source)
    if not isinstance(source, str) or type not in ("code", "markdown", "raw"):
        raise ValueError("its text or type is not a notebook's")
    if len(source) > MAX_SOURCE:
        raise ValueError("its text is longer than a million characters")
    metadata = cell.get("metadata") or {}
    claimed = (
        (metadata.get("nbgrader") or {}).get("grade_id") if isinstance(metadata, dict) else None
    )
    if not isinstance(claimed, str):
        claimed = cell.get("id") or (isinstance(metadata, dict) and metadata.get("id"))
    attachments = cell.get("attachments")
    if not isinstance(attachments, dict):
        attachments = {}
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    return SubmittedCell(
        type,
        source.encode("utf-8", "replace").decode(),
        claimed if isinstance(claimed, str) else None,
        {name: _joined(bundle) for name, bundle in attachments.items() if isinstance(bundle, dict)},
        outputs if isinstance(outputs := cell.get("outputs"), list) else [],
    )


def _joined(bundle: dict) -> dict:
    """A MIME bundle whose texts may stand there as lists of lines."""
    return {
        key: "".join(value) if isinstance(value, list) else value for key, value in bundle.items()
    }
