"""What a watcher says of itself: one small file that `ntk watch --status` and the hub's page
read."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from time import time
from typing import Any

from ..locks import is_taken
from ..whole import write_whole

LAST = 100  # waits that the mean is of
ERRORS = 20  # that are kept


@dataclass
class Status:
    """The state of a course's watcher. Times are seconds since the epoch, waits seconds from the
    hand-in to the feedback.

    waiting, running: submissions; held: those whose feedback waits for another day; failing: those
    that are tried again after a pause; done: submissions that got their feedback, since the course
    has a watcher; errors: {"at", "of", "what"}, the newest last.
    """

    pid: int = 0
    since: float = 0.0
    looked: float = 0.0
    assignments: list[str] = field(default_factory=list)
    every: float = 0.0
    waiting: int = 0
    running: int = 0
    held: int = 0
    failing: int = 0
    done: int = 0
    waits: list[float] = field(default_factory=list)
    errors: list[dict[str, Any]] = field(default_factory=list)

    def served(self, wait: float | None) -> None:
        """wait: None for what had been marked before, and was to wait."""
        self.done += 1
        if wait is not None:
            self.waits = list(deque([*self.waits, round(wait, 1)], LAST))

    def trouble(self, of: str, what: str) -> None:
        """Note an error; the same once more only takes the place of the last."""
        if self.errors and (self.errors[-1]["of"], self.errors[-1]["what"]) == (of, what):
            self.errors.pop()
        entry = {"at": round(time()), "of": of, "what": what}
        self.errors = list(deque([*self.errors, entry], ERRORS))


def folder_of(root: Path) -> Path:
    return Path(root) / ".ntk" / "watch"


def lock_path(root: Path) -> Path:
    """The lock of the course's one watcher."""
    return folder_of(root) / "lock"


def write_status(root: Path, status: Status) -> None:
    """Raises OSError, for example on a full disk."""
    folder = folder_of(root)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(folder / "status", json.dumps(asdict(status)))


def read_status(root: Path) -> Status:
    """The last that a watcher wrote; an empty one when there is none that can be read."""
    try:
        return Status(**json.loads((folder_of(root) / "status").read_text()))
    except (OSError, ValueError, TypeError):
        return Status()


def status_json(root: Path) -> dict[str, Any]:
    """What `ntk watch --status --json` prints."""
    status = read_status(root)
    return {
        "watching": is_taken(lock_path(root)),
        "pid": status.pid or None,
        "since": status.since or None,
        "looked": status.looked or None,
        "assignments": status.assignments,
        "waiting": status.waiting,
        "running": status.running,
        "held": status.held,
        "failing": status.failing,
        "done": status.done,
        "mean_wait": _mean(status.waits),
        "longest_wait": max(status.waits, default=None),
        "waits": status.waits,
        "last_error": status.errors[-1] if status.errors else None,
        "errors": status.errors,
    }


def _mean(waits: Iterable[float]) -> float | None:
    waits = list(waits)
    return round(sum(waits) / len(waits), 1) if waits else None
