"""Who waits to be marked: what is new in `submitted/`, the longest waiting first."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import time

from ..course import Course

QUIET_SECONDS = 3.0  # a folder that somebody else fills is left alone for so long after a change
ENTRIES = 5000  # of a submission that are looked at
FIRST_PAUSE, LONGEST_PAUSE = 10.0, 600.0  # seconds until what went wrong is tried again


@dataclass(frozen=True)
class Look:
    """What a submission's folder looks like from outside: a digest of names, sizes and times, and
    the newest of the times (s since the epoch; of the inode, which no student can set back)."""

    digest: str
    newest: float


def look_of(folder: Path) -> Look | None:
    """None when there is no such folder. Opens no file and follows no link."""
    try:
        found = os.lstat(folder)
    except OSError:
        return None
    if not stat.S_ISDIR(found.st_mode):
        return None
    digest, newest, left = hashlib.sha256(), found.st_ctime, ENTRIES
    folders = [str(folder)]
    while folders and left > 0:
        here = folders.pop()
        try:
            with os.scandir(here) as entries:
                listed = sorted(entries, key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in listed:
            left -= 1
            try:
                status = entry.stat(follow_symlinks=False)
            except OSError:
                continue
            digest.update(
                f"{here}\0{entry.name}\0{status.st_size}\0{status.st_mtime_ns}\0{status.st_ino}"
                f"\0{status.st_ctime_ns}\n".encode("utf-8", "surrogateescape")
            )
            newest = max(newest, status.st_ctime)
            if stat.S_ISDIR(status.st_mode):
                folders.append(entry.path)
    return Look(digest.hexdigest(), newest)


@dataclass
class Waiter:
    """A submission that waits: since when (s since the epoch), and what its folder looked like."""

    student: str
    since: float
    seen: str


@dataclass
class _Pause:
    until: float
    seconds: float
    seen: str


@dataclass
class Waiting:
    """The queue of one assignment.

    handled: {student: what its folder looked like when it was dealt with}; a student is in `queue`
    or in `running`, never in both.
    """

    course: Course
    assignment: str
    handled: dict[str, str] = field(default_factory=dict)
    queue: dict[str, Waiter] = field(default_factory=dict)
    running: dict[str, Waiter] = field(default_factory=dict)
    paused: dict[str, _Pause] = field(default_factory=dict)
    restless: int = 0  # folders that somebody was still writing to at the last look

    def folder(self, student: str) -> Path:
        return self.course.submitted / student / self.assignment

    def seen(self, student: str) -> tuple[str, float] | None:
        """What there is to be dealt with of a student: a digest of the submission, of what was
        settled about it and of what was recorded; and since when. None without a submission."""
        look = look_of(self.folder(student))
        if look is None:
            return None
        beside = [
            _changed(self.course.root / ".ntk" / kind / self.assignment / name)
            for kind, name in (("settled", f"{student}.json"), ("recorded", student))
        ]
        return f"{look.digest[:32]} {beside[0]} {beside[1]}", look.newest

    def look(self, arrived: dict[str, float]) -> None:
        """Put into the queue what has changed since it was handled. arrived: {student: time of
        handing in} of those that have just been collected, whole."""
        now, self.restless = time(), 0
        for student in self._students():
            found = self.seen(student)
            if found is None or student in self.running:
                continue
            seen, newest = found
            if self.handled.get(student) == seen:
                self.queue.pop(student, None)
                continue
            pause = self.paused.get(student)
            if pause is not None and pause.seen == seen and now < pause.until:
                continue
            waits = self.queue.get(student)
            changed = student not in arrived and (waits is None or waits.seen != seen)
            if changed and 0 <= now - newest < QUIET_SECONDS:
                self.restless += 1
                continue
            since = waits.since if waits else arrived.get(student, min(newest, now))
            self.queue[student] = Waiter(student, since, seen)

    def _students(self) -> Iterator[str]:
        """Everybody with a folder of this assignment, links left out."""
        try:
            with os.scandir(self.course.submitted) as entries:
                names = [e.name for e in entries if e.is_dir(follow_symlinks=False)]
        except OSError:
            return
        yield from (name for name in names if not name.startswith("."))

    def oldest(self) -> Waiter | None:
        return min(self.queue.values(), key=lambda e: (e.since, e.student), default=None)

    def take(self) -> Waiter | None:
        """The one that has waited longest; it is running from now on."""
        waiter = self.oldest()
        if waiter is not None:
            del self.queue[waiter.student]
            self.running[waiter.student] = waiter
        return waiter

    def is_as_it_was(self, waiter: Waiter) -> bool:
        found = self.seen(waiter.student)
        return found is not None and found[0] == waiter.seen

    def done(self, student: str, seen: str | None) -> None:
        """It is dealt with; `seen`: what it looks like now (None: look again)."""
        self.running.pop(student, None)
        self.paused.pop(student, None)
        if seen is not None:
            self.handled[student] = seen

    def failed(self, waiter: Waiter) -> float:
        """It is tried again after a pause, which grows; returns its seconds. The same hand-in keeps
        its place."""
        self.running.pop(waiter.student, None)
        before = self.paused.get(waiter.student)
        seconds = FIRST_PAUSE
        if before is not None and before.seen == waiter.seen:
            seconds = min(2 * before.seconds, LONGEST_PAUSE)
        self.paused[waiter.student] = _Pause(time() + seconds, seconds, waiter.seen)
        return seconds

    def give_back(self) -> None:
        """What was running goes on waiting: the run has ended early."""
        for waiter in self.running.values():
            self.queue.setdefault(waiter.student, waiter)
        self.running.clear()


def _changed(path: Path) -> int:
    try:
        return os.lstat(path).st_mtime_ns
    except OSError:
        return 0
