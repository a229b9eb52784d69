"""Locks between processes. Each dies with its process, whatever ends it, and leaves an empty
file."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from time import monotonic, sleep

STEP = 0.05  # seconds between two tries


class Lock:
    """An exclusive lock on a file that is made for it. Two of them exclude each other in one
    process, too."""

    def __init__(self, path: Path):
        self.path = Path(path)
        self._handle: int | None = None

    def take(self, seconds: float = 0.0) -> bool:
        """Take it, waiting so long at most; False when somebody else has it. Raises OSError when
        the file cannot be made."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        deadline = monotonic() + seconds
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if monotonic() >= deadline:
                    os.close(handle)
                    return False
                sleep(STEP)
            except BaseException:
                os.close(handle)
                raise
            else:
                self._handle = handle
                return True

    def release(self) -> None:
        """Give it back. Harmless when it is not held."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def is_taken(path: Path) -> bool:
    """Whether a living process holds the lock. Makes nothing."""
    if not Path(path).exists():
        return False
    probe = Lock(path)
    try:
        free = probe.take()
    except OSError:  # somebody else's file
        return True
    probe.release()
    return not free
