"""Everything that came in one submission, as bytes in memory: files, folders, the members of a zip.

All of it is hostile until shown otherwise. Links and special files are never followed, nothing is
written, and files, bytes and depth have limits; what is not opened is named in a sentence.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from ..text import one_line
from .read import MAX_BYTES, read_bytes

MAX_FILES = 500  # files and folders of a submission, and again members of a zip
MAX_DEPTH = 12
MAX_TOTAL = 2 * MAX_BYTES
MAX_DIRECTORY = 2**20  # bytes of a zip's own list of members
MAX_SENTENCES = 20

# What tools leave behind: whole environments, caches, histories. A student's work is not there.
LITTER = {
    *("__pycache__", "__MACOSX", ".git", ".svn", ".hg", "node_modules", "site-packages"),
    *(".mypy_cache", ".pytest_cache", ".ruff_cache", ".idea", ".vscode", ".vs", ".cache"),
    *(".Trash", ".Trashes", "$RECYCLE.BIN", "@eaDir", ".dropbox.cache", "lost+found", ".ntk"),
}
# People put their project into a virtual environment's folder; what the environment needs is no
# work.
ENVIRONMENTS = {".venv", "venv", "env"}
INNARDS = {"bin", "lib", "lib64", "Lib", "Scripts", "include", "Include", "share", "etc"}
# Never opened: no notebook has such a name, and there may be many of them.
PICTURES = {*(".png .jpg .jpeg .gif .bmp .webp .heic .heif .tif .tiff .svg".split())}
DATA = {
    *PICTURES,
    *(".mp4 .mov .npy .npz .pt .pth .ckpt .pkl .csv .tsv .h5 .hdf5 .parquet .db .sqlite".split()),
    *(".pyc .so .ttf .woff .css .js .whl .log .lock .toml .cfg .ini .yml .yaml".split()),
}
DUST = re.compile(
    r"timestamp\.txt|\.DS_Store|\.git\w*|\.python-version|Icon\r?|~\$.*|\._.*|LICENSE.*|README.*"
    r"|requirements.*\.txt|.*-ubyte(\.gz)?|Thumbs\.db|desktop\.ini|\.localized|\.env|Makefile",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True)
class Entry:
    """A file of the submission: its path in it ("work.zip/1.ipynb" for a zip's member), its
    content, and when it was changed (seconds since 1970)."""

    name: str
    data: bytes
    time: float

    @property
    def path(self) -> PurePosixPath:
        return PurePosixPath(self.name)

    @property
    def shown(self) -> str:
        """The name for a sentence; where that would be another one, as Python writes it."""
        name = one_line(self.name, 120)
        return name if name == self.name else ascii(self.name)[:120]


@dataclass
class Entries:
    """The files that were opened, those likeliest to be notebooks first; {name: why} of those that
    were not; names of pictures, which may show work; a digest of it all."""

    files: list[Entry] = field(default_factory=list)
    closed: dict[str, str] = field(default_factory=dict)
    pictures: list[str] = field(default_factory=list)
    digest: str = ""

    def sentences(self) -> list[str]:
        """What was not opened."""
        return [f"{one_line(name, 120)} {why}." for name, why in self.closed.items()]


def entries_of(path: Path) -> Entries:
    """What lies at `path`, a folder or a single file. Never raises for what is in it."""
    path, opening = Path(path), _Opening()
    if path.is_dir() and not path.is_symlink():
        seen = sorted(_walk(path, opening), key=lambda s: (_rank(s[0]), len(s[0].parts), s[0]))
        for inner, status in seen:
            opening.file(path / inner, inner.as_posix(), status)
    else:
        opening.file(path, path.name, None)
    return opening.result()


def _walk(folder: Path, opening: _Opening) -> Iterator[tuple[PurePosixPath, os.stat_result]]:
    waiting, count = [PurePosixPath()], 0
    while waiting:
        here = waiting.pop()
        try:
            inside = sorted(os.scandir(folder / here), key=lambda e: e.name)
        except OSError as error:
            opening.leave(here.as_posix(), f"cannot be opened ({error.strerror})")
            continue
        for found in inside:
            inner = here / found.name
            count += 1
            if count > MAX_FILES:
                opening.leave(folder.name, f"holds more than {MAX_FILES} files: the rest was left")
                return
            status = found.stat(follow_symlinks=False)
            if stat.S_ISREG(status.st_mode):
                yield inner, status
            elif not stat.S_ISDIR(status.st_mode):
                opening.leave(inner.as_posix(), "is a link or a special file, which is not opened")
            elif len(inner.parts) > MAX_DEPTH:
                opening.leave(inner.as_posix(), f"lies deeper than {MAX_DEPTH} folders")
            elif not _litter(inner):
                waiting.append(inner)


def _rank(path: PurePosixPath) -> int:
    """Notebooks are read first, so that nothing else uses up the limits."""
    return {".ipynb": 0, ".zip": 2}.get(path.suffix.lower(), 3 if _is_data(path) else 1)


def _is_data(path: PurePosixPath) -> bool:
    return path.suffix.lower() in DATA or bool(DUST.fullmatch(path.name))


def _litter(path: PurePosixPath) -> bool:
    """Whether a folder, or a member's path, belongs to a tool."""
    pairs = zip(path.parts, path.parts[1:], strict=False)
    inside = any(outer in ENVIRONMENTS and inner in INNARDS for outer, inner in pairs)
    return inside or bool(LITTER & set(path.parts))


class _Opening:
    """Opens files within the limits and keeps the books."""

    def __init__(self) -> None:
        self.entries, self.left, self.unsaid = Entries(), MAX_TOTAL, 0
        self.seen = hashlib.sha256()

    def leave(self, name: str, why: str) -> None:
        self.seen.update(f"{name}\0{why}\0".encode(errors="surrogateescape"))
        if len(self.entries.closed) < MAX_SENTENCES:
            self.entries.closed[name] = why
        else:
            self.unsaid += 1

    def result(self) -> Entries:
        if self.unsaid:
            self.entries.closed["…"] = f"and {self.unsaid} more were not opened"
        self.entries.digest = self.seen.hexdigest()
        return self.entries

    def file(self, path: Path, name: str, status: os.stat_result | None) -> None:
        if _is_data(PurePosixPath(name)):
            size = status.st_size if status else 0
            self.seen.update(f"{name}\0{size}\0".encode(errors="surrogateescape"))
            if PurePosixPath(name).suffix.lower() in PICTURES and size:
                self.entries.pictures.append(one_line(name, 120))
            return
        data = read_bytes(path) if status is None or status.st_size <= self.left else None
        if data is None:
            self.leave(name, f"is no regular file of at most {MAX_BYTES // 2**20} MB")
            return
        self._take(Entry(name, data, status.st_mtime if status else path.stat().st_mtime))
        if data.startswith(b"PK\3\4"):
            self._zip(self.entries.files.pop())

    def _take(self, entry: Entry) -> None:
        self.left -= len(entry.data)
        head = f"{entry.name}\0{len(entry.data)}\0".encode(errors="surrogateescape")
        self.seen.update(head + entry.data)
        self.entries.files.append(entry)

    def _zip(self, entry: Entry) -> None:
        """The members of a zip, in memory; one within another stays closed."""
        if not _small_directory(entry.data):
            self.leave(entry.name, "is a zip that is damaged, of the 64-bit kind or too large")
            return
        try:
            archive = zipfile.ZipFile(io.BytesIO(entry.data))
            members = archive.infolist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error) as error:
            self.leave(entry.name, f"is a zip that cannot be opened ({one_line(error, 60)})")
            return
        if any(m.filename in ("[Content_Types].xml", "mimetype") for m in members):
            self.leave(entry.name, "is an office document, not a notebook")
            return
        if len(members) > MAX_FILES:
            self.leave(entry.name, f"holds more than {MAX_FILES} files: the rest was left")
        named = [m for m in members[:MAX_FILES] if m.filename]  # a name may begin with its end
        if len(named) < len(members[:MAX_FILES]):
            self.leave(entry.name, "holds files without a name, which were left")
        ordered = sorted(named, key=lambda m: _rank(PurePosixPath(m.filename)))
        for member in ordered:
            inner = PurePosixPath(member.filename)
            if not (member.is_dir() or _is_data(inner) or _litter(inner)):
                self._member(archive, member, f"{entry.name}/{member.filename}", entry.time)

    def _member(
        self, archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, outer: float
    ) -> None:
        if member.flag_bits & 1:
            return self.leave(name, "is locked with a password")
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            return self.leave(name, "is packed in a way that is not opened")
        if stat.S_ISLNK(member.external_attr >> 16):
            return self.leave(name, "is a link or a special file, which is not opened")
        limit = min(MAX_BYTES, self.left)
        try:
            with archive.open(member) as file:
                data = file.read(limit + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, struct.error):
            return self.leave(name, "is damaged")
        except (NotImplementedError, RuntimeError):
            return self.leave(name, "is packed in a way that is not opened")
        if len(data) > limit:
            self.left -= len(data)
            return self.leave(name, "is too large")
        if data.startswith(b"PK\3\4"):
            self.left -= len(data)
            return self.leave(name, "is a zip within a zip, which is not opened")
        self._take(Entry(name, data, _time_of(member, outer)))
        return None


def _small_directory(data: bytes) -> bool:
    """Whether a zip's list of members is small: the library reads all of it, whatever it holds."""
    end = data.rfind(b"PK\5\6", max(0, len(data) - 65_557))
    if end < 0 or len(data) - end < 22 or data[max(0, end - 20) : end].startswith(b"PK\6\7"):
        return False
    return int(struct.unpack_from("<I", data, end + 12)[0]) <= MAX_DIRECTORY


def _time_of(member: zipfile.ZipInfo, otherwise: float) -> float:
    try:
        return datetime(*member.date_time, tzinfo=UTC).timestamp()
    except ValueError:
        return otherwise
