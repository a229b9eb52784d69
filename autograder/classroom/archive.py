"""Opens a learning platform's archive, as something hostile: a zip, or a folder that one was
unpacked into.

nbgrader's own extractor is not used: it unpacks everything, without limits, before anybody looks.
Here nothing is written until it is known whose it is.
"""

from __future__ import annotations

import os
import stat
import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, tzinfo
from functools import partial
from pathlib import Path
from typing import IO, Any

from .members import BROKEN, DIRECTORY_BYTES, MEMBERS, ArchiveError, Member, too_many

KNOWN_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # all that the platforms use
ENCRYPTED = 0x1 | 0x40 | 0x2000
UTF8_NAME = 0x800
UNIX_TIMES = 0x5455  # Info-ZIP's extra field: seconds since 1970


@contextmanager
def opened(path: Path, zone: tzinfo = UTC) -> Iterator[list[Member]]:
    """The members of the archive at `path`; they can be read while it is open. `zone`: of the times
    in a zip, which names none. Raises ArchiveError."""
    try:
        if path.is_dir():
            yield list(_in_folder(path))
            return
        if not path.is_file():
            raise ArchiveError(
                f"there is no archive {path}: name the zip that Moodle or Canvas made, or the "
                "folder it was unpacked into."
            )
        with open(path, "rb") as file, _zip(path, file) as archive:
            if len(archive.infolist()) > MEMBERS:
                raise ArchiveError(too_many(path))
            files = [i for i in archive.infolist() if not i.orig_filename.endswith("/")]
            yield [_packed(archive, info, zone) for info in files]
    except PermissionError as error:
        raise ArchiveError(f"{error.filename or path} may not be read: see its rights.") from error


def _zip(path: Path, file: IO[bytes]) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(_Sipped(path, file))
    except (*BROKEN, struct.error, OSError) as error:
        raise ArchiveError(
            f"{path} is not a zip, or is damaged: download it again, or unpack it and name the "
            "folder."
        ) from error


class _Sipped:
    """A file that is read in small pieces only: Python's zipfile takes a zip's list of members in
    one, whatever its size, and makes objects of it."""

    def __init__(self, path: Path, file: IO[bytes]):
        self.path, self.file = path, file

    def read(self, size: int = -1) -> bytes:
        data = b"" if size > DIRECTORY_BYTES else self.file.read(size)
        if size > DIRECTORY_BYTES or len(data) > DIRECTORY_BYTES:
            raise ArchiveError(too_many(self.path))
        return data

    def __getattr__(self, name: str) -> Any:
        return getattr(self.file, name)


def _packed(archive: zipfile.ZipFile, info: zipfile.ZipInfo, zone: tzinfo) -> Member:
    name = info.orig_filename  # with all that follows a NUL
    if not info.flag_bits & UTF8_NAME:
        with suppress(
            UnicodeError
        ):  # zipfile took it for cp437; Canvas does not say that it is UTF-8
            name = name.encode("cp437").decode()
    kind = stat.S_IFMT(info.external_attr >> 16)
    fault = ""
    if info.flag_bits & ENCRYPTED:
        fault = "an encrypted file"
    elif kind not in (0, stat.S_IFREG):
        fault = "a link or special file"
    elif info.compress_type not in KNOWN_PACKINGS:
        fault = "a file packed in a way that no platform uses"
    return Member(
        name, _time(info, zone), info.compress_size, partial(archive.open, info), fault=fault
    )


def _time(info: zipfile.ZipInfo, zone: tzinfo) -> datetime | None:
    extra = info.extra
    while len(extra) >= 4:
        kind, size = struct.unpack("<HH", extra[:4])
        if kind == UNIX_TIMES and size >= 5 and len(extra) >= 9 and extra[4] & 1:
            return datetime.fromtimestamp(struct.unpack("<i", extra[5:9])[0], UTC)
        extra = extra[4 + size :]
    try:
        return datetime(*info.date_time, tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _in_folder(root: Path) -> Iterator[Member]:
    """Every file below `root`; links are not followed."""
    todo, count = [str(root)], 0
    while todo:
        with os.scandir(todo.pop()) as entries:
            for entry in sorted(entries, key=lambda e: e.name):
                if entry.is_dir(follow_symlinks=False):
                    todo.append(entry.path)
                    continue
                count += 1
                if count > MEMBERS:
                    raise ArchiveError(too_many(root))
                status = entry.stat(follow_symlinks=False)
                yield Member(
                    os.path.relpath(entry.path, root),
                    datetime.fromtimestamp(status.st_mtime, UTC),
                    max(status.st_size, 1),
                    partial(_open_regular, entry.path),
                    fault="" if stat.S_ISREG(status.st_mode) else "a link or special file",
                )


def _open_regular(path: str) -> IO[bytes]:
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    return os.fdopen(handle, "rb")
