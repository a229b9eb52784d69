"""An archive's files by the person who handed them in, and where each of them goes in that
person's folder."""

from __future__ import annotations

import os
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath

from ..text import one_line
from .members import FILES, Budget, Member, Refused, unpack
from .place import STAMP
from .platforms import CANVAS, Names, Piece
from .roster import key

DEPTH, NAME_BYTES, PATH_BYTES = 10, 255, 1000
COPY = re.compile(r"-\d+$")  # Canvas': of a file that was handed in again
NOTEBOOK = ".ipynb"
OTHERS = "others"  # the entry of files that are named as on neither platform


@dataclass
class Entry:
    """What one person handed in, by the platform's name and number. `folder`: what Moodle calls
    the hand-in, to send feedback back under."""

    name: str
    number: str
    platform: str = ""
    pieces: list[tuple[Piece, Member]] = field(default_factory=list)

    @property
    def label(self) -> str:
        return one_line(f"{self.name}_{self.number}".strip("_"), 100)

    @property
    def stored_as(self) -> str:
        """A folder's name, for what belongs to nobody."""
        name = re.sub(r"[/\\:]", "-", self.label).lstrip(".") or OTHERS
        return name.encode()[:NAME_BYTES].decode(errors="ignore")

    @property
    def folder(self) -> str:
        best = sorted(self.pieces, key=lambda p: p[0].kind != "file")
        return best[0][0].folder if best else ""

    @property
    def late(self) -> bool:
        return any(piece.late for piece, _ in self.pieces)

    @property
    def when(self) -> datetime | None:
        return max((m.when for _, m in self.pieces if m.when is not None), default=None)


def entries(members: Iterable[Member], names: Names) -> list[Entry]:
    """The archive's files, one entry a person; a last one, OTHERS, for what is nobody's."""
    members = [m for m in members if not _litter(m.path)]
    start = names.inside([m.path for m in members])
    found: dict[tuple[str, str], Entry] = {}
    others = Entry(OTHERS, "")
    for member in members:
        path = member.path[start:]
        piece = names.read(path)
        if piece is None:
            others.pieces.append((Piece("", OTHERS, "", "file", path), member))
            continue
        entry = found.setdefault(
            (piece.number, key(piece.name)), Entry(piece.name, piece.number, piece.platform)
        )
        entry.pieces.append((piece, member))
    return [*found.values(), *([others] if others.pieces else [])]


def _litter(path: str) -> bool:
    """What the machine adds on which somebody packed or unpacked the archive."""
    return path.startswith("__MACOSX/") or path.rpartition("/")[2] in (".DS_Store", "Thumbs.db")


def lay_out(entry: Entry, notebooks: Collection[str], folder: Path, budget: Budget) -> list[str]:
    """Write an entry's files into `folder`, which is made. Returns what was renamed, a sentence
    each. Raises Refused when anything in it is not as a file should be."""
    if len(entry.pieces) > FILES:
        raise Refused(f"more than {FILES} files")
    targets, notes = destinations(entry, notebooks)
    folder.mkdir(parents=True)
    for target, member in targets.items():
        path = folder / target
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            unpack(member, path, budget)
        except (FileExistsError, NotADirectoryError) as error:
            raise Refused("two files in the place of one") from error
        if member.when is not None:  # of equal notebooks, marking takes the newest
            seconds = max(0.0, member.when.timestamp())
            os.utime(path, (seconds, seconds))
    return notes


def destinations(
    entry: Entry, notebooks: Collection[str]
) -> tuple[Mapping[str, Member], list[str]]:
    """{path in the student's folder: member}, and what was renamed, a sentence each. A notebook's
    name that the platform changed is put right where only one file can be meant."""
    files = [piece.path for piece, _ in entry.pieces if piece.kind == "file"]
    meant = {path: _meant(path, notebooks, entry.platform == CANVAS) for path in files}
    claims = Counter(name for name in meant.values() if name)
    targets: dict[str, Member] = {}
    notes = []
    for piece, member in sorted(entry.pieces, key=lambda p: p[0].kind != "file"):
        parts = safe_parts(piece.path)
        path, name = str(PurePosixPath(*parts)), meant.get(piece.path)
        wanted = f"{name}{NOTEBOOK}"
        if name and claims[name] == 1 and wanted not in files:
            path = wanted
        elif path.casefold() == STAMP:
            path = f"submitted-{path}"
        elif piece.kind != "file" and path in targets:
            path = f"{piece.kind}-{path}"
        if path in targets:
            raise Refused(f"two files of the name {one_line(path, 60)}")
        if path != piece.path:
            notes.append(f"{one_line(piece.path, 60)} is {one_line(path, 60)} now")
        targets[path] = member
    return targets, notes


def _meant(path: str, notebooks: Collection[str], copies: bool) -> str | None:
    """The notebook of the assignment that a file of another name stands for, if there is one."""
    stem = path.removesuffix(NOTEBOOK)
    if stem == path or "/" in path or stem in notebooks:
        return None
    for candidate in (stem, COPY.sub("", stem) if copies else stem):
        fitting = [name for name in notebooks if _loose(name) == _loose(candidate)]
        if len(fitting) == 1:
            return fitting[0]
    return None


def _loose(name: str) -> str:
    return re.sub(r"[ _+]+", "_", unicodedata.normalize("NFC", name)).casefold()


def safe_parts(path: str) -> tuple[str, ...]:
    """The parts of a student's path. Raises Refused for one that could lead elsewhere, or that no
    file system or terminal should meet."""
    parts = path.split("/")
    if path.startswith("/") or ".." in parts or re.match(r"[A-Za-z]:", path):
        raise Refused("a name that leads out of the folder")
    if "\\" in path:
        raise Refused("a backslash in a name")
    if any(unicodedata.category(c) in ("Cc", "Cs") for c in path):
        raise Refused("a control character in a name")
    parts = [part for part in parts if part not in ("", ".")]
    if not parts:
        raise Refused("a file without a name")
    if len(parts) > DEPTH or len(path.encode()) > PATH_BYTES:
        raise Refused("a file nested too deep")
    if max(len(part.encode()) for part in parts) > NAME_BYTES:
        raise Refused("a name that is too long")
    return tuple(parts)
