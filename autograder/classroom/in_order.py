"""Marks a class under a progress bar and hands its results over in the students' order."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from ..assignment.exam import Exam
from ..course import Course
from ..marking.store import Store
from .cluster import Arrival, connect, mark_class
from .roll import read_jobs, store_of, terms_of

COLUMNS = (
    TextColumn("{task.description}"),
    BarColumn(),
    MofNCompleteColumn(),
    TextColumn("{task.fields[rate]}"),
    TimeElapsedColumn(),
    TextColumn("left"),
    TimeRemainingColumn(),
    TextColumn("{task.fields[failed]}"),
)


@dataclass(frozen=True)
class How:
    """How a class is marked: with local processes or a cluster, and whether what is stored
    counts."""

    workers: int | None = None
    scheduler: str | None = None
    force: bool = False


def mark_in_order(
    course: Course,
    exam: Exam,
    names: list[str],
    how: How,
    console: Console,
    write: Callable[[Arrival], bool],
) -> None:
    """Mark the submissions of `names` and call `write` for each in this order; it says whether all
    went well."""
    store = store_of(course)
    with Progress(*COLUMNS, console=console) as progress:
        bar = progress.add_task("marking", total=len(names), rate="", failed="")
        began, done, failed = time.monotonic(), 0, 0

        def told(arrival: Arrival) -> None:
            nonlocal done, failed
            failed += not write(arrival)
            done += 1
            rate = f"{60 * done / max(time.monotonic() - began, 1e-9):.1f}/min"
            progress.update(bar, advance=1, rate=rate, failed=f"{failed} failed" if failed else "")

        mark_class(
            read_jobs(course, exam, names),
            terms_of(course, exam),
            _Fresh(store) if how.force else store,
            partial(connect, how.workers, how.scheduler),
            _InOrder(names, told).add,
        )


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


class _Fresh:
    """A store that remembers what is put into it and forgets what it had: for --force."""

    def __init__(self, store: Store):
        self.store = store

    def __contains__(self, key: str) -> bool:
        return False

    def put(self, key: str, data: bytes) -> None:
        self.store.put(key, data)
