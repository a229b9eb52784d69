"""Turns: one process at a time works on what a student handed in. `ntk grade`, `ntk watch`, the
formgrader and nbgrader's own commands may meet, and each would remove the folder that the other
writes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..errors import InfrastructureError
from ..locks import Lock

PATIENCE = 1800.0  # seconds; a submission is marked for 900 at most, and recorded for one

_mine = threading.local()


class Busy(InfrastructureError):
    """Another process works on this student's submission."""


def path_of(root: Path, assignment: str, student: str) -> Path:
    """The file that stands for a student's turn; `hub/shared/ntk_exchange.py` knows it, too."""
    return Path(root) / ".ntk" / "turns" / assignment / student


@contextmanager
def turn(root: Path, assignment: str, student: str, seconds: float = PATIENCE) -> Iterator[None]:
    """Inside, this thread alone works on the student's submission. Raises Busy when it does not
    get its turn within so many seconds. A turn within a turn is granted."""
    path = path_of(root, assignment, student)
    held: set[Path] = _mine.__dict__.setdefault("held", set())
    if path in held:
        yield
        return
    lock = Lock(path)
    if not lock.take(seconds):
        raise Busy(f"another process works on {student}'s {assignment}: try again when it is done.")
    held.add(path)
    try:
        yield
    finally:
        held.discard(path)
        lock.release()


def take_turns(kind: Any) -> None:
    """Have a converter of nbgrader's (Autograde, GenerateFeedback) wait for its turn at each
    student."""
    if "begin_turn" in vars(kind):
        return
    start, init_destination = kind.start, kind.init_destination

    def begin_turn(self: Any, assignment: str, student: str) -> None:
        end_turn(self)
        current = turn(Path(self.coursedir.root), assignment, student)
        current.__enter__()
        self.__dict__["_turn"] = current

    def end_turn(self: Any) -> None:
        current = self.__dict__.pop("_turn", None)
        if current is not None:
            current.__exit__(None, None, None)

    def take_turns_start(self: Any) -> None:
        try:
            start(self)
        finally:
            end_turn(self)

    def take_turns_init(self: Any, assignment_id: str, student_id: str) -> bool:
        self.begin_turn(assignment_id, student_id)
        return bool(init_destination(self, assignment_id, student_id))

    kind.begin_turn = begin_turn
    kind.start = take_turns_start
    kind.init_destination = take_turns_init
