"""JSON that something has damaged: read as far as the damage leaves no doubt, or whole cells."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .decode import Unreadable

MAX_PARTS = 2 * 10**6  # objects, lists and entries: each takes a hundred bytes when it is read
MAX_REPAIR = 30 * 2**20  # characters; the whole of a larger damaged file is for a person
MAX_QUOTES = 400_000  # … that are gone through one by one
# A string (with or without its end, so that no start is tried twice) or a comma too many.
COMMA = re.compile(r'"(?:[^"\\]|\\.)*+"?|,(?=\s*+[}\]])', re.DOTALL)
CELLS = re.compile(r'"cells"\s*+:\s*+\[')
OURS, MIDDLE, THEIRS, BASE = "<<<<<<<", "=======", ">>>>>>>", "|||||||"
TOLD = ("cells", "source", "input", "cell_type", "id", "nbgrader", "grade_id")


@dataclass
class Document:
    """What a file holds. `notes` are sentences on what was put right without any doubt, `damage`
    on what a person has to look at."""

    body: Any
    notes: list[str] = field(default_factory=list)
    damage: list[str] = field(default_factory=list)


def load(text: str) -> Document:
    """Read JSON, repaired where needed. Raises Unreadable (or RecursionError for JSON nested too
    deep)."""
    if sum(map(text.count, "{[,")) > MAX_PARTS:
        raise Unreadable("a file of more parts than any notebook has")
    try:
        return _strictly(text)
    except ValueError as error:
        first = str(error)[:80]
    if len(text) > MAX_REPAIR or text.count('"') > MAX_QUOTES:
        raise Unreadable(f"damaged ({first}) and too large to be repaired")
    for attempt in (_merged, _loosely, _whole_cells):
        found = attempt(text)
        if found is not None:
            return found
    raise Unreadable(f"no JSON: {first}")


def _strictly(text: str, *, strict: bool = True) -> Document:
    doubled: set[str] = set()

    def collect(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) < len(pairs):
            doubled.update(key for key, value in pairs if key in TOLD and made[key] != value)
        return made

    document = Document(json.loads(text, object_pairs_hook=collect, strict=strict))
    for key in sorted(doubled):
        document.damage.append(f"It says {key!r} twice in one place, with different contents.")
    return document


def _loosely(text: str) -> Document | None:
    """Commas too many, raw line breaks in strings, something before or behind the notebook."""
    start = text.find("{")
    if start < 0:
        return None
    tidy = COMMA.sub(lambda found: "" if found[0] == "," else found[0], text[start:])
    try:
        body, end = json.JSONDecoder(strict=False).raw_decode(tidy)
    except ValueError:
        return None
    if not isinstance(body, dict):
        return None
    document = Document(body, damage=["Its JSON was damaged and was repaired."])
    if tidy[end:].strip() and CELLS.search(tidy, end):
        document.damage.append("A second notebook stands behind the first one: it was left out.")
    return document


def _merged(text: str) -> Document | None:
    """Both sides of a merge that nobody finished. Equal cells are no conflict for us."""
    if f"\n{OURS}" not in text:
        return None
    sides = []
    for ours in (True, False):
        side = "\n".join(_side(text, ours))
        try:
            sides.append(_strictly(side))
        except ValueError:
            tidy = _loosely(side)
            if tidy is not None:
                sides.append(tidy)
    if not sides:
        return None
    document = sides[0]
    if len(sides) == 2 and _sources(sides[0].body) == _sources(sides[1].body):
        document.notes.append(
            "It holds the marks of an unfinished merge; both sides have the same cells."
        )
    else:
        document.damage.append(
            "It holds the marks of an unfinished merge; of two sides the first one that can be "
            "read was taken."
        )
    return document


def _side(text: str, ours: bool) -> Iterator[str]:
    shown = True
    for line in text.splitlines():
        if line.startswith(OURS):
            shown = ours
        elif line.startswith(BASE):
            shown = False
        elif line.startswith(MIDDLE):
            shown = not ours
        elif line.startswith(THEIRS):
            shown = True
        elif shown:
            yield line


def _sources(body: Any) -> list[Any]:
    cells = body.get("cells") if isinstance(body, dict) else None
    return [
        (c.get("cell_type"), _joined(c.get("source")))
        for c in (cells if isinstance(cells, list) else [])
        if isinstance(c, dict)
    ]


def _joined(source: Any) -> Any:
    return "".join(map(str, source)) if isinstance(source, list) else source


def _whole_cells(text: str) -> Document | None:
    """The cells before the place where a file was cut off or is broken."""
    found = CELLS.search(text)
    if not found:
        return None
    decoder, cells, place = json.JSONDecoder(strict=False), [], found.end()
    try:
        while True:
            while text[place : place + 1] in (" ", "\n", "\r", "\t", ","):
                place += 1
            cell, place = decoder.raw_decode(text, place)
            cells.append(cell)
    except (ValueError, RecursionError):
        pass
    if not cells:
        return None
    said = f"It is cut off or broken behind its first {len(cells)} cells; only they were read."
    return Document(
        {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}, [], [said]
    )
