"""Marks a class, says how far it is, and hands its results over in the students' order."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from rich.console import Console

from ..progress import Telling
from .cluster import Arrival, connect, mark_class
from .roll import Roll


@dataclass(frozen=True)
class How:
    """How a class is marked: with local processes or a cluster, and whether what is stored
    counts."""

    workers: int | None = None
    scheduler: str | None = None
    force: bool = False


def mark_in_order(roll: Roll, how: How, console: Console, write: Callable[[Arrival], bool]) -> None:
    """Mark everybody on the roll and call `write` for each in its order; it says whether all went
    well."""
    began, done, failed, total = time.monotonic(), 0, 0, len(roll.names)

    with Telling(console) as telling:
        telling.progress("marking", 0, total)

        def told(arrival: Arrival) -> None:
            nonlocal done, failed
            failed += not write(arrival)
            done += 1
            rate = f"{60 * done / max(time.monotonic() - began, 1e-9):.1f}/min"
            telling.progress("marking", done, total, f"{rate}, {failed} failed" if failed else rate)

        cluster = partial(connect, roll, how.workers, how.scheduler)
        mark_class(roll, cluster, _InOrder(roll.names, told).add, fresh=how.force)


class _InOrder:
    """Passes arrivals on in the students' order, however they come; holds only those that wait for
    a turn."""

    def __init__(self, students: list[str], write: Callable[[Arrival], None]):
        self.turn, self.write = iter(students), write
        self.next = next(self.turn, None)
        self.held: dict[str, Arrival] = {}

    def add(self, arrival: Arrival) -> None:
        self.held[arrival.student] = arrival
        while self.next in self.held:
            self.write(self.held.pop(self.next))
            self.next = next(self.turn, None)
