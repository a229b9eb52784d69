"""A file of an archive, and how much of it is taken: what is counted are the bytes that really
come."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from ..errors import OneLine
from ..submission.read import MAX_BYTES

MEMBERS = 50_000  # files in an archive
DIRECTORY_BYTES = 8 * 2**20  # a zip's list of its members
FILES = 1000  # of one student
FILE_BYTES = MAX_BYTES
STUDENT_BYTES = 500 * 2**20
TOTAL_BYTES = 20 * 2**30
RATIO, RATIO_FROM = 200, 10 * 2**20  # so many times its packed size, once it is so many bytes
CHUNK = 2**20
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)


class ArchiveError(OneLine):
    """The archive as a whole cannot be used."""


class Refused(Exception):
    """One student's piece cannot be taken; `str` says why, to stand after the student's name."""


@dataclass(frozen=True)
class Member:
    """One file. `path` is what the archive calls it, which may be anything; `when` is in UTC, or
    None; `packed` its size in the archive, in bytes; `fault` why it is not taken, or nothing."""

    path: str
    when: datetime | None
    packed: int
    open: Callable[[], IO[bytes]]
    fault: str = ""


class Budget:
    """The bytes that may still be unpacked, of one student and of all."""

    def __init__(self) -> None:
        self.total, self.student = TOTAL_BYTES, STUDENT_BYTES

    def next_student(self) -> None:
        self.student = STUDENT_BYTES

    def take(self, count: int) -> None:
        self.total -= count
        self.student -= count
        if self.student < 0:
            raise Refused(f"more than {STUDENT_BYTES >> 20} MB in all")
        if self.total < 0:
            raise Refused(f"the archive holds more than {TOTAL_BYTES >> 30} GB: split it")


def unpack(member: Member, target: Path, budget: Budget) -> None:
    """Write a member to `target`, which must not be there. Raises Refused."""
    if member.fault:
        raise Refused(member.fault)
    written = 0
    try:
        try:
            source = member.open()
        except OSError as error:
            raise Refused("a file that cannot be read") from error
        with source, open(target, "xb") as file:
            while data := source.read(CHUNK):
                written += len(data)
                budget.take(len(data))
                if written > FILE_BYTES:
                    raise Refused(f"a file of more than {FILE_BYTES >> 20} MB")
                if written > RATIO_FROM and written > RATIO * member.packed:
                    raise Refused(f"a file that grows to more than {RATIO} times its packed size")
                file.write(data)
    except BROKEN as error:
        raise Refused("a file that is damaged or packed in an unknown way") from error


def too_many(path: Path) -> str:
    """What is said of an archive with more than MEMBERS files."""
    return (
        f"{path} lists more files than a class hands in (limit {MEMBERS}): unpack it, take out "
        "what is no submission, and name the folder."
    )
