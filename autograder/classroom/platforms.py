"""How Moodle and Canvas name what they put into an archive: whose it is, and what it was called.

The patterns are nbgrader's `FileNameCollectorPlugin`s, so a course can set them
(`c.MoodleNames.named_regexp = …`). The rest of `nbgrader zip_collect` does not reach: it takes
whoever the file name says for a student id, gives up the whole class for one name that comes twice,
clears what was collected before, and skips what is not a notebook.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from nbgrader.plugins.zipcollect import FileNameCollectorPlugin
from traitlets import Unicode
from traitlets.config import Config

MOODLE, CANVAS = "moodle", "canvas"
ANONYMOUS = re.compile(r"(?:(LATE)_)?anon_([^_/\\]+)_(?:(\d+)_)?(.+)", re.DOTALL)
READINGS = 20  # of one name
NAME = 500  # characters; Canvas' own limit is far lower
QUIET = logging.getLogger("autograder.collect")
QUIET.addHandler(logging.NullHandler())
QUIET.setLevel(logging.CRITICAL)
QUIET.propagate = False  # nbgrader would warn of every name that is not one of the platform's


@dataclass(frozen=True)
class Piece:
    """A file by its name in the archive: the person's name and number on the platform (an
    assignment's participant number in Moodle, the user's id in Canvas), the kind of hand-in
    (`file`, `onlinetext`, …), and the file's own path."""

    platform: str
    name: str
    number: str
    kind: str
    path: str
    folder: str = ""
    late: bool = False


class MoodleNames(FileNameCollectorPlugin):
    """`Full Name_1234567_assignsubmission_file_/nb.ipynb`, since Moodle 4.1 without the last
    underscore, and the same without folders. Moodle takes underscores out of names."""

    named_regexp = Unicode(
        r"(?P<folder>(?P<name>[^_/\\]+)_(?P<student_id>\d+)_assignsubmission_(?P<kind>[a-z]+))"
        r"(?P<end>_/|/|_)(?P<file_id>(?s:.+))",
        help="How Moodle names a file in the archive, from the archive's top.",
    ).tag(config=True)

    def collect(self, submitted_file: str) -> dict | None:
        return self._match(submitted_file)

    def read(self, path: str) -> Piece | None:
        found = self.collect(path)
        if found is None:
            return None
        folder = found["folder"] + ("" if found["end"] == "/" else "_")
        return Piece(
            MOODLE, found["name"], found["student_id"], found["kind"], found["file_id"], folder
        )


class CanvasNames(FileNameCollectorPlugin):
    """`lastfirst_[LATE_]userid_fileid_nb-2.ipynb`; text and links have no file id. Anonymous:
    `[LATE_]anon_id_fileid_nb.ipynb`."""

    named_regexp = Unicode(
        r"(?P<name>[^/\\]+?)_(?P<late>LATE_)?(?P<student_id>\d+)_"
        r"(?:\d+_(?P<file_id>[^/\\]+)|(?P<text>(?:text|link)\.html))\Z",
        help="How Canvas names a file in the archive.",
    ).tag(config=True)

    def collect(self, submitted_file: str) -> dict | None:
        return self._match(submitted_file)

    def read(self, path: str, known: Collection[str] = ()) -> Piece | None:
        """known: ids of users. A name may hold underscores and digits, its bearer may have chosen
        it, and then a file can be read as somebody else's: with two readings that both lead to a
        user the piece has no number, and so belongs to nobody."""
        if "/" in path or len(path) > NAME:  # no name of Canvas'; patterns take long over them
            return None
        if found := ANONYMOUS.fullmatch(path):
            late, number, _, file = found.groups()
            return Piece(CANVAS, "", f"anon_{number}", "file", file, late=bool(late))
        pieces: dict[str, Piece] = {}
        cuts = [0, *(m.end() for m in re.finditer("_", path))][:READINGS]
        for cut in cuts:  # underscores before the cut belong to the name
            read = self.collect(path[:cut].replace("_", "-") + path[cut:])
            if read is not None:
                name, file = path[: len(read["name"])], read["text"] or read["file_id"]
                kind, late = "onlinetext" if read["text"] else "file", bool(read["late"])
                piece = Piece(CANVAS, name, read["student_id"], kind, file, late=late)
                pieces.setdefault(piece.number, piece)
        if not pieces:
            return None
        users = [piece for number, piece in pieces.items() if number in known]
        if len(users) > 1:
            return replace(users[0], name=path, number="", path=path)
        return users[0] if users else next(iter(pieces.values()))


class Names:
    """Reads the names of one archive, of either platform."""

    def __init__(self, config: Config, known: Collection[str] = ()):
        """known: ids of Canvas users."""
        self.moodle = MoodleNames(config=config, log=QUIET)
        self.canvas = CanvasNames(config=config, log=QUIET)
        self.known = known

    def read(self, path: str) -> Piece | None:
        return self.moodle.read(path) or self.canvas.read(path, self.known)

    def inside(self, paths: list[str]) -> int:
        """How many leading characters all paths have in common as folders around the archive: a
        folder that is a submission itself is none of them."""
        start = 0
        while paths:
            tops = {path[start:].partition("/")[:2] for path in paths}
            top, slash = next(iter(tops))
            if len(tops) > 1 or not slash or top in ("", ".", ".."):
                break
            if self.read(f"{top}/x") is not None:
                break
            start += len(top) + 1
        return start
