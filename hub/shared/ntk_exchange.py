"""nbgrader's exchange for accounts that do not trust each other. Plugged in by `c.ExchangeFactory`.

Four things differ from nbgrader's own:

- the exchange's root need not be writable, so nobody but root opens a course in it;
- a submission is readable by its student and the course alone, also for those who guess its name;
- what is collected under a student's name belongs to that student's account, entry by entry, and no
  link is followed: a link to the masters, put into `inbound`, would otherwise be collected as the
  student's own work;
- what is collected is there whole or not at all, whatever ends the collection, and nobody is
  collected while their earlier submission is being marked.
"""

from __future__ import annotations

import fcntl
import fnmatch
import os
import pwd
import shutil
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

from nbgrader.exchange import ExchangeError, default
from nbgrader.utils import check_directory
from traitlets import Float

ENTRIES = 10_000  # of one submission, folders included
TURN_SECONDS = 5.0  # that a student's submission is waited for while it is marked


class _ClosedRoot:
    # nbgrader's, which has no types
    root: str
    fail: Callable[[str], NoReturn]

    def ensure_root(self) -> None:
        """nbgrader asks for a root that everybody can write to; here only the course's own folders
        are."""
        if not check_directory(self.root, read=True, execute=True):
            self.fail(f"The exchange {self.root} cannot be read: ask your instructor.")


class Exchange(_ClosedRoot, default.Exchange):
    pass


class FetchAssignment(_ClosedRoot, default.ExchangeFetchAssignment):
    pass


class FetchFeedback(_ClosedRoot, default.ExchangeFetchFeedback):
    pass


class ListAssignments(_ClosedRoot, default.ExchangeList):
    pass


class ReleaseAssignment(_ClosedRoot, default.ExchangeReleaseAssignment):
    pass


class ReleaseFeedback(_ClosedRoot, default.ExchangeReleaseFeedback):
    pass


class Submit(_ClosedRoot, default.ExchangeSubmit):
    """Hands in for the student and the course alone: `inbound` is setgid, so the copies are of the
    course's group."""

    def copy_files(self) -> None:
        before = os.umask(0o027)
        try:
            super().copy_files()
        finally:
            os.umask(before)
            folder = Path(self.inbound_path) / self.assignment_filename
            if folder.is_dir():
                folder.chmod(0o770)  # the course reads it, and may delete it later


class Collect(_ClosedRoot, default.ExchangeCollect):
    """Takes a submission only from the account whose name it bears."""

    settle = Float(
        0.0,
        help="How long (s) a submission must have been unchanged, where nbgrader has not marked it "
        "as complete. 0: whatever is there is taken; `ntk watch`, which looks every few seconds, "
        "would come upon half of one.",
    ).tag(config=True)

    src_records: list[dict]  # nbgrader's, which has no types

    def init_src(self) -> None:
        super().init_src()
        self.src_records = [record for record in self.src_records if self._is_good(record)]

    def copy_files(self) -> None:
        """One student after the other, each when nobody marks what they handed in before. `busy`:
        those who were left out for that."""
        records, self.busy = self.src_records, []
        each: list[dict | None] = [*records] or [None]
        for record in each:
            self.src_records = [record] if record else []
            student = record["username"] if record else ""
            with self._turn(student) as free:
                if free:
                    super().copy_files()
                else:
                    self.busy.append(student)
                    self.log.warning(
                        "%s's earlier submission is being marked: collect it again in a moment.",
                        student,
                    )
        self.src_records = records

    @contextmanager
    def _turn(self, student: str) -> Iterator[bool]:
        """The lock that the grader's `submission/turns.py` takes; whether we got it."""
        folder = Path(self.coursedir.root) / ".ntk" / "turns" / self.coursedir.assignment_id
        if not student:
            yield True
            return
        for path in (folder.parents[1], folder.parent, folder):
            path.mkdir(mode=0o700, exist_ok=True)
        with open(folder / student, "a") as file:
            deadline = time.monotonic() + TURN_SECONDS
            while True:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    if time.monotonic() > deadline:
                        yield False
                        return
                    time.sleep(0.05)
                else:
                    break
            yield True

    def _path_to_record(self, path: str) -> dict:
        """A name that is none must not end the collection for everybody: it gets an owner that
        nobody is."""
        try:
            return super()._path_to_record(path)
        except (ExchangeError, ValueError, OverflowError):
            return {
                "username": "nobody in particular",
                "filename": os.path.basename(path),
                # nbgrader's own timestamps have no zone either
                "timestamp": datetime.min,  # noqa: DTZ901
            }

    def _sort_by_timestamp(self, records: list[dict]) -> list[dict]:
        """The student's own, newest first; all when none is. Each forged one is reported: somebody
        tries something."""
        for record in records:
            if not self._is_theirs(record):
                self.log.error(
                    "%s is not of %s's account: left out.", record["filename"], record["username"]
                )
        records = super()._sort_by_timestamp(records)
        return [record for record in records if self._is_good(record)] or records

    def _is_good(self, record: dict) -> bool:
        return self._is_theirs(record) and self._is_complete(record)

    def _is_complete(self, record: dict) -> bool:
        """Whether all of it is there. The last that nbgrader does when a student submits is to let
        the course's group write."""
        folder = Path(self.inbound_path) / record["filename"]
        try:
            found = os.lstat(folder)
            if time.time() - found.st_ctime >= self.settle:
                return True
            return bool(found.st_mode & stat.S_IWGRP) and all(
                os.lstat(folder / name).st_size
                for name in ("timestamp.txt", "submission_secret.txt")
            )
        except OSError:
            return False

    def _is_theirs(self, record: dict) -> bool:
        try:
            found = os.lstat(Path(self.inbound_path) / record["filename"])
            return (
                stat.S_ISDIR(found.st_mode)
                and found.st_uid == pwd.getpwnam(record["username"]).pw_uid
            )
        except (KeyError, OSError):
            return False

    def do_copy(self, src: str, dest: str, log: Any = None) -> None:
        """Bring it to `dest` in one step, from beside it."""
        part = Path(dest).with_name(f".{Path(dest).name}.part")
        shutil.rmtree(part, ignore_errors=True)
        self._copy_own(src, str(part))
        part.rename(dest)

    def _copy_own(self, src: str, dest: str) -> None:
        """Copy regular files of the student's account only, opened without following a link."""
        root = os.open(src, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        owner = os.fstat(root).st_uid
        if owner != pwd.getpwnam(self._path_to_record(src)["username"]).pw_uid:
            os.close(root)
            self.fail(f"{src} changed hands while it was collected.")
        budget = _Budget(self.coursedir.max_dir_size * 1000)
        os.makedirs(dest)
        for folder, name, fd, size in _own_files(root, owner, budget, self._note):
            with os.fdopen(fd, "rb") as file:
                if self._unwanted(name, size):
                    self._note(f"{name} is too large or of a kind that is not collected")
                    continue
                target = Path(dest) / folder
                target.mkdir(parents=True, exist_ok=True)
                (target / name).write_bytes(file.read(size))

    def _unwanted(self, name: str, size: int) -> bool:
        directory = self.coursedir
        ignored = any(fnmatch.fnmatch(name, pattern) for pattern in directory.ignore)
        included = any(fnmatch.fnmatch(name, pattern) for pattern in directory.include)
        return ignored or not included or size > 1000 * directory.max_file_size

    def _note(self, what: str) -> None:
        self.log.warning("While collecting: %s: left out.", what)


class _Budget:
    """How much one submission may hold (bytes)."""

    def __init__(self, size: int):
        self.size, self.entries = size, ENTRIES

    def spend(self, size: int) -> bool:
        """False when there is no room for it."""
        if self.entries <= 0 or size > self.size:
            return False
        self.size, self.entries = self.size - size, self.entries - 1
        return True


def _own_files(
    fd: int, owner: int, budget: _Budget, note: Callable[[str], None], folder: str = ""
) -> Iterator[tuple[str, str, int, int]]:
    """(folder, name, open descriptor, size in bytes) of each regular file below the folder `fd`
    that is `owner`'s."""
    try:
        for name in sorted(os.listdir(fd)):
            path = os.path.join(folder, name)
            try:
                # Non-blocking: opening a FIFO would wait for its other end.
                entry = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=fd)
            except OSError as error:
                note(f"{path} ({error.strerror})")
                continue
            found = os.fstat(entry)
            regular, is_folder = stat.S_ISREG(found.st_mode), stat.S_ISDIR(found.st_mode)
            if found.st_uid != owner or not (regular or is_folder):
                note(f"{path} (no file of this student's account)")
            elif not budget.spend(found.st_size if regular else 0):
                note(f"{path} (the submission is too large)")
            elif is_folder and folder.count(os.sep) < 8:
                yield from _own_files(entry, owner, budget, note, path)
                continue
            elif regular:
                yield folder, name, entry, found.st_size
                continue
            os.close(entry)
    finally:
        os.close(fd)
