"""Cleans the outputs of a cell that a student's kernel ran, or that a student's file holds.

What is kept is rebuilt piece by piece from types that were checked; nothing is passed on because it
looked harmless.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output

from ..text import strip_controls
from .html import MAX_TAGS, clean_html, count_tags, looks_active
from .images import MIB, clean_image
from .terminal import cut, terminal_text

MAX_OUTPUTS = 200  # a cell
MAX_COLOURS = 2_000  # a cell: nbconvert copies the rest of the text at every colour code
OVERHEAD = 100  # bytes that an output costs besides its content
# left out, but no cause for a note
QUIET = {"application/vnd.jupyter.widget-view+json", "text/latex"}
_MIME = re.compile(r"[A-Za-z0-9.+-]{1,40}/[A-Za-z0-9.+-]{1,60}")


def clean_outputs(outputs: Any, limit: int = MIB) -> tuple[list[NotebookNode], list[str]]:
    """Outputs of one cell, at most `limit` bytes in total, and a sentence for each kind of thing
    that was left out.

    stream: joined, as text; display_data and execute_result: text/plain, image/png, image/jpeg and
    sanitised text/html, a picture's width, height and alt text; error: its strings. Colour codes
    stay, other control characters do not. Never raises, for any data.
    """
    cleaner = _Cleaner(max(0, limit))
    for output in _merged(outputs if isinstance(outputs, list | tuple) else [], 4 * max(0, limit)):
        if len(cleaner.outputs) >= MAX_OUTPUTS:
            cleaner.note(f"There were more than {MAX_OUTPUTS} outputs: the rest was left out.")
            break
        cleaner.add(output)
    return cleaner.outputs, cleaner.incidents()


def _merged(outputs: list | tuple, enough: int) -> Iterator[Any]:
    """The outputs with neighbouring texts of one stream joined, as far as anyone will read."""
    name, size = "", 0
    pieces: list[str] = []
    for output in outputs:
        if isinstance(output, Mapping) and output.get("output_type") == "stream":
            this = "stderr" if output.get("name") == "stderr" else "stdout"
            if this != name and pieces:
                yield {"output_type": "stream", "name": name, "text": "".join(pieces)}
                pieces, size = [], 0
            name = this
            if size <= enough:
                pieces.append(joined(output.get("text"))[: enough + 1])
                size += len(pieces[-1])
        else:
            if pieces:
                yield {"output_type": "stream", "name": name, "text": "".join(pieces)}
            name, pieces, size = "", [], 0
            yield output
    if pieces:
        yield {"output_type": "stream", "name": name, "text": "".join(pieces)}


def joined(value: Any) -> str:
    """A notebook's text, which a file may hold as a list of lines; "" for anything else."""
    if isinstance(value, list):
        return "".join(line for line in value if isinstance(line, str))
    return value if isinstance(value, str) else ""


class _Cleaner:
    """Builds the clean outputs of one cell within a budget of bytes, colour codes and tags."""

    def __init__(self, limit: int):
        self.left, self.colours, self.tags = limit, MAX_COLOURS, MAX_TAGS
        self.outputs: list[NotebookNode] = []
        self.notes: dict[str, None] = {}  # in order, each once
        self.types: dict[str, None] = {}

    def note(self, sentence: str) -> None:
        self.notes[sentence] = None

    def incidents(self) -> list[str]:
        named = (
            [f"Output of these types was left out: {', '.join(list(self.types)[:5])}."]
            if self.types
            else []
        )
        return named + list(self.notes)

    def add(self, output: Any) -> None:
        kind = output.get("output_type") if isinstance(output, Mapping) else None
        self.left -= OVERHEAD
        if self.left <= 0:
            self.note("The output was longer than its limit: it was cut.")
        elif kind == "stream":
            self.stream(output["name"], self.text(output["text"]))
        elif kind in ("display_data", "execute_result"):
            self.bundle(kind, output)
        elif kind == "error":
            self.error(output)
        else:
            self.note("Something that is no output was left out.")

    def stream(self, name: str, text: str) -> None:
        """Keep a text; what lay between it and the one before may have been left out, and then they
        are one."""
        last = self.outputs[-1] if self.outputs else None
        if last is not None and last.output_type == "stream" and last.name == name:
            last.text += text
        else:
            self.keep("stream", name=name, text=text)

    def keep(self, kind: str, **content: Any) -> None:
        self.outputs.append(new_output(kind, **content))

    def text(self, value: Any, limit: int | None = None) -> str:
        """`value` as terminal text that fits, paid for from the budget."""
        limit = self.left if limit is None else min(limit, self.left)
        made, colours = terminal_text(joined(value), limit, self.colours)
        made, was_cut = cut(made, limit)
        if was_cut:
            self.note("The output was longer than its limit: it was cut.")
        self.colours -= colours
        self.left -= len(made.encode())
        return made

    def bundle(self, kind: str, output: Mapping) -> None:
        data, metadata = output.get("data"), output.get("metadata")
        data = data if isinstance(data, Mapping) else {}
        kept, about = {}, {}
        if "text/html" in data and (html := self.html(data["text/html"])):
            kept["text/html"] = html
        for mime in ("image/png", "image/jpeg"):
            if mime in data and (picture := self.picture(mime, data[mime])):
                kept[mime] = picture
                if facts := picture_facts(metadata, mime):
                    about[mime] = facts
        if "text/plain" in data and isinstance(data["text/plain"], str | list):
            kept["text/plain"] = self.text(data["text/plain"])
        for mime in data:
            if (
                mime not in ("text/html", "image/png", "image/jpeg", "text/plain")
                and mime not in QUIET
            ):
                self.types[
                    mime
                    if isinstance(mime, str) and _MIME.fullmatch(mime)
                    else "one without a name"
                ] = None
        if not kept:
            self.note("An output with nothing that can be shown was left out.")
            kept["text/plain"] = "[This output is not shown here.]"
        extra = (
            {"execution_count": count(output.get("execution_count"))}
            if kind == "execute_result"
            else {}
        )
        self.keep(kind, data=kept, metadata=about, **extra)

    def html(self, value: Any) -> str | None:
        value = joined(value)
        self.tags -= count_tags(value)
        made = clean_html(value) if self.tags >= 0 else None
        if made is None or len(made.encode()) > self.left:
            self.note("An HTML output was too long or too nested: its plain text is shown instead.")
            return None
        if looks_active(value):
            self.note("Active content was taken out of an HTML output.")
        self.left -= len(made.encode())
        return made

    def picture(self, mime: str, value: Any) -> str | None:
        made = clean_image(mime, joined(value), self.left)
        if made is None:
            self.note(
                f"A picture was left out: no valid {mime.removeprefix('image/').upper()}, or too "
                "large."
            )
            return None
        self.left -= len(made)
        return made

    def error(self, output: Mapping) -> None:
        lines = output.get("traceback")
        lines = [line for line in lines if isinstance(line, str)] if isinstance(lines, list) else []
        name = output.get("ename") if isinstance(output.get("ename"), str) else "Error"
        value = output.get("evalue") if isinstance(output.get("evalue"), str) else ""
        name, value = self.text(name, 200), self.text(value, 5_000)
        self.keep(
            "error", ename=name, evalue=value, traceback=[self.text(line) for line in lines[-100:]]
        )


def picture_facts(metadata: Any, mime: str) -> dict[str, int | str]:
    """A picture's width and height (pixels) and alt text, if they are what they should be.

    nbconvert 7.17 writes width and height into the tag without quotes, so a text there could add
    attributes.
    """
    places = [metadata.get(mime), metadata] if isinstance(metadata, Mapping) else []
    facts: dict[str, int | str] = {}
    for place in places:
        if isinstance(place, Mapping):
            for key in ("width", "height"):
                value = place.get(key)
                if (
                    key not in facts
                    and isinstance(value, int)
                    and not isinstance(value, bool)
                    and 0 < value <= 4096
                ):
                    facts[key] = value
            if "alt" not in facts and isinstance(place.get("alt"), str):
                facts["alt"] = " ".join(strip_controls(place["alt"][:1000]).split())
    return facts


def count(value: Any) -> int | None:
    """An execution count: nbconvert prints it unescaped."""
    return (
        value
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31
        else None
    )
