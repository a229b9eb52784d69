"""nbgrader's exchange for accounts that do not trust each other. Plugged in by `c.ExchangeFactory`.

Three things differ from nbgrader's own:

- the exchange's root need not be writable, so nobody but root opens a course in it;
- a submission is readable by its student and the course alone, also for those who guess its name;
- what is collected under a student's name belongs to that student's account, entry by entry, and no
  link is followed: a link to the masters, put into `inbound`, would otherwise be collected as the
  student's own work.
"""

from __future__ import annotations

import fnmatch
import os
import pwd
import stat
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from nbgrader.exchange import ExchangeError, default
from nbgrader.utils import check_directory

ENTRIES = 10_000  # of one submission, folders included


class _ClosedRoot:
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

    def init_src(self) -> None:
        super().init_src()
        self.src_records = [record for record in self.src_records if self._is_theirs(record)]

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
        return [record for record in records if self._is_theirs(record)] or records

    def _is_theirs(self, record: dict) -> bool:
        try:
            found = os.lstat(Path(self.inbound_path) / record["filename"])
            return (
                stat.S_ISDIR(found.st_mode)
                and found.st_uid == pwd.getpwnam(record["username"]).pw_uid
            )
        except (KeyError, OSError):
            return False

    def do_copy(self, src: str, dest: str, log=None) -> None:
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
    fd: int, owner: int, budget: _Budget, note, folder: str = ""
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
