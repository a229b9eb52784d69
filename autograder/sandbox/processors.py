"""One processor for each sandbox: whatever runs in it, a submission slows nobody down but itself.

A sandbox inherits the processor from the thread that starts it, and may not choose another one
(`seccomp`). Which one is free is told by a lock on a file of its number, which dies with the
process that holds it: so all graders of an account on a machine agree, workers of a cluster
included.
"""

from __future__ import annotations

import os
import random
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ..locks import Lock
from .runfolder import parent_folder

PREFIX = "ntk-processors-"


class Processor:
    """A processor of this machine, claimed for one sandbox; a shared one where all are taken."""

    def __init__(self) -> None:
        mine = sorted(os.sched_getaffinity(0))
        random.shuffle(mine)
        self._lock: Lock | None = None
        self.number = mine[0]
        folder = _folder()
        if folder is None:
            return
        for number in mine:
            lock = Lock(folder / str(number))
            try:
                if lock.take():
                    self._lock, self.number = lock, number
                    return
            except OSError:
                continue

    @contextmanager
    def here(self) -> Iterator[None]:
        """What this thread starts inside runs on the processor; the thread itself goes back."""
        before = os.sched_getaffinity(0)
        with suppress(OSError):  # it was taken from this machine or container meanwhile
            os.sched_setaffinity(0, {self.number})
        try:
            yield
        finally:
            os.sched_setaffinity(0, before)

    def release(self) -> None:
        """Leave it to others. Harmless when done twice."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None


def _folder() -> Path | None:
    """The account's private folder for the locks; None where somebody else has taken its name."""
    path = parent_folder() / f"{PREFIX}{os.geteuid()}"
    try:
        path.mkdir(mode=0o700, exist_ok=True)
        found = os.lstat(path)
    except OSError:
        return None
    own = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()
    return path if own and not found.st_mode & 0o022 else None
