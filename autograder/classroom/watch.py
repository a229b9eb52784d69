"""`ntk watch`: collects what is handed in, marks it, records it and gives feedback, the oldest
first; then waits for more.

What it has done stands in files (results, the gradebook's notes, draws), and each is written before
the next step begins: whatever ends a watcher, the next one goes on where it was.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep, time
from typing import Any

from ..course import CONFIG, Course
from ..errors import EXIT_FAILED, OneLine
from ..gradebook import open as gradebooks
from ..locks import Lock
from ..submission.files import Finding
from ..submission.turns import Busy
from ..text import one_line
from .cluster import Arrival, connect, mark_class
from .draws import Draws
from .exchange import LOG, Exchange
from .in_order import How
from .roll import Roll
from .serve import MARK, Pages, Server
from .waiting import Waiter, Waiting
from .watch_settings import Watch
from .watch_status import Status, lock_path, read_status, write_status

EVERY = 5.0  # seconds between two looks
STAY_SECONDS = 10.0  # between two tries of a watcher that stays until it is its turn
IDLE_SECONDS = 600.0  # after which workers that have nothing to do are let go
AGAIN_SECONDS = 15.0  # until a course whose settings, gradebook or cluster fail is tried again


class WatchError(OneLine):
    """There is nothing to watch, or somebody watches already."""

    exit_code = EXIT_FAILED


@dataclass
class _Cluster:
    """A cluster that is kept between two bursts, since its start takes seconds."""

    how: How
    held: Any = None
    client: Any = None
    used: float = 0.0

    @contextmanager
    def lent(self, roll: Roll) -> Iterator[Any]:
        if self.client is not None and self.client.status != "running":
            self.close()
        if self.client is None:
            self.held: AbstractContextManager = connect(roll, self.how.workers, self.how.scheduler)
            self.client = self.held.__enter__()
        try:
            yield self.client
        except Exception:
            self.close()
            raise
        self.used = monotonic()

    def rest(self) -> None:
        if self.client is not None and monotonic() - self.used > IDLE_SECONDS:
            self.close()

    def close(self) -> None:
        held, self.held, self.client = self.held, None, None
        if held is not None:
            try:
                held.__exit__(None, None, None)
            except Exception as error:  # it is going anyway
                LOG.debug("the cluster did not close: %s", error)


@dataclass
class _Desk:
    """One assignment: who waits, whose feedback waits for another day."""

    waiting: Waiting
    held: dict[str, float] = field(default_factory=dict)
    again: float = 0.0  # not to be tried before (monotonic)


class Watcher:
    """The watcher of a course. `say` is given a line for each thing that happens."""

    def __init__(
        self,
        root: Path,
        assignments: Sequence[str],
        pages: Pages,
        how: How | None = None,
        every: float = EVERY,
        say: Callable[[str], None] = print,
    ):
        """assignments: none for all that the course has. Raises OneLine."""
        self.root, self.wanted, self.pages = Path(root), list(assignments), pages
        self.every, self.say = every, say
        self.course = Course(self.root)
        for assignment in self.wanted:
            self.course.exam(assignment)  # says so when there is none
        self._settings = self._stamp()
        self._exchange()
        self.cluster = _Cluster(how or How())
        self.desks: dict[str, _Desk] = {}
        self.status = Status()
        self.failures = 0
        self._looked = -1e9
        self._warnings = _Warnings(self)

    # Its life

    def run(self, *, once: bool = False, stay: bool = False) -> int:
        """Watch until interrupted; once: until all that is there now is done. Returns how many
        failures there were. Raises WatchError when the course has another watcher (stay: waits for
        it to end)."""
        lock = Lock(lock_path(self.root))
        while not lock.take():
            other = read_status(self.root).pid
            if not stay:
                raise WatchError(
                    f"another watcher (process {other}) watches this course: end it first, or see "
                    "`ntk watch --status`."
                )
            sleep(STAY_SECONDS)
        LOG.addHandler(self._warnings)
        try:
            self._begin()
            while True:
                self._look(force=True)
                self._work(once)
                self.cluster.rest()
                if once and not self._rest():
                    return self.failures
                sleep(self.every if not once else 0.5)
        finally:
            LOG.removeHandler(self._warnings)
            self.cluster.close()
            for desk in self.desks.values():
                desk.waiting.give_back()
            self._tell()
            lock.release()

    def _begin(self) -> None:
        before = read_status(self.root)
        self.status = Status(
            os.getpid(),
            time(),
            every=self.every,
            done=before.done,
            waits=before.waits,
            errors=before.errors,
        )
        self._tell()

    def _rest(self) -> bool:
        """Whether something is still to be done that will not take long (of what failed another
        look is taken at the next run)."""
        return any(d.waiting.queue or d.waiting.restless for d in self.desks.values())

    # Looking

    def _look(self, force: bool = False) -> None:
        """See what is new, at most every so many seconds."""
        if not force and monotonic() - self._looked < self.every:
            return
        self._looked = monotonic()
        self._renew()
        for assignment in self.wanted or self.course.assignments():
            self._look_at(assignment)
        self.status.assignments = list(self.desks)
        self.status.looked = round(time(), 1)
        self._tell()

    def _look_at(self, assignment: str) -> None:
        desk = self.desks.get(assignment)
        if desk is None:
            desk = self.desks[assignment] = _Desk(Waiting(self.course, assignment))
            for student, shown in Draws(self.root, assignment).all():
                if shown.released:
                    desk.waiting.handled[student] = shown.seen
                    if shown.held_until is not None:
                        desk.held[student] = shown.held_until
        desk.waiting.course = self.course
        arrived: dict[str, float] = {}
        if self.exchange is not None:
            try:
                arrived = self.exchange.collect(assignment)
            except Exception as error:
                self._trouble(assignment, error)
        for student in [s for s, until in desk.held.items() if until <= time()]:
            del desk.held[student]
            desk.waiting.handled.pop(student, None)
        desk.waiting.look(arrived)

    def _stamp(self) -> object:
        try:
            return os.stat(self.root / CONFIG).st_mtime_ns
        except OSError:
            return None

    def _renew(self) -> None:
        """Read the course's settings again when they have changed."""
        stamp = self._stamp()
        if stamp == self._settings:
            return
        self._settings = stamp
        try:
            self.course = Course(self.root)
            self._exchange()
        except (
            Exception
        ) as error:  # half-written, for example: the old ones hold until it is mended
            self._trouble("nbgrader_config.py", error)

    def _exchange(self) -> None:
        wanted = Watch(config=self.course.config).exchange
        found = Exchange(self.course, MARK) if wanted else None
        self.exchange = found if found is not None and found.here else None

    # Working

    def _work(self, once: bool) -> None:
        """Until nobody waits any more."""
        while (assignment := self._next()) is not None:
            desk = self.desks[assignment]
            try:
                with gradebooks.one_engine():
                    _Session(self, assignment, desk, feed=not once).run()
            except Exception as error:
                self.failures += 1
                desk.waiting.give_back()
                desk.again = monotonic() + AGAIN_SECONDS
                self._trouble(assignment, error)
                if once:
                    desk.waiting.queue.clear()
            self._tell()

    def _next(self) -> str | None:
        """The assignment of whoever has waited longest."""
        waiting = [
            (oldest.since, name)
            for name, desk in self.desks.items()
            if monotonic() >= desk.again and (oldest := desk.waiting.oldest()) is not None
        ]
        return min(waiting)[1] if waiting else None

    def others_wait_longer(self, assignment: str) -> bool:
        return self._next() not in (None, assignment)

    # Telling

    def _trouble(self, of: str, error: BaseException | str) -> None:
        """Keep an error for --status, and say it."""
        what = one_line(error, 300) or type(error).__name__
        self.status.trouble(of, what)
        self.say(f"{of}: {what}")

    def _tell(self) -> None:
        """Write the status; a full disk is no reason to end."""
        status, desks = self.status, self.desks.values()
        status.waiting = sum(len(d.waiting.queue) for d in desks)
        status.running = sum(len(d.waiting.running) for d in desks)
        status.held = sum(len(d.held) for d in desks)
        status.failing = sum(len(d.waiting.paused) for d in desks)
        try:
            write_status(self.root, status)
        except OSError as error:
            self.say(f"the status cannot be written: {error.strerror}")


class _Warnings(logging.Handler):
    """What the exchange warns of is said by the watcher."""

    def __init__(self, watcher: Watcher):
        super().__init__(logging.WARNING)
        self.watcher = watcher

    def emit(self, record: logging.LogRecord) -> None:
        self.watcher.say(one_line(record.getMessage(), 300))


class _Session:
    """Marking without a pause: from somebody who waits until nobody does."""

    def __init__(self, watcher: Watcher, assignment: str, desk: _Desk, feed: bool):
        self.watcher, self.desk, self.feed = watcher, desk, feed
        self.assignment, self.waiting = assignment, desk.waiting
        self.roll = Roll(watcher.course, assignment, empty=True)
        self.server = Server(watcher.course, self.roll, watcher.exchange, watcher.pages)
        self.course, self.exam = watcher.course, self.roll.exam

    def run(self) -> None:
        self.server.prepare()
        cluster = self.watcher.cluster
        mark_class(self.roll, lambda: cluster.lent(self.roll), self.done, more=self.more)

    def more(self, free: int) -> list[str]:
        """The next ones to be marked, as many as there are places; those that are recorded already
        get their page at once."""
        if self.feed:
            self.watcher._look()
        taken: list[str] = []
        while len(taken) < free and self.waiting.queue and not self._is_over():
            waiter = self.waiting.take()
            assert waiter is not None  # nobody else takes
            if not self._stands_already(waiter):
                taken.append(waiter.student)
        if taken:
            self.watcher._tell()
        return taken

    def _is_over(self) -> bool:
        """Whether this session should end, so that the next one begins with what is new: other
        masters or settings, or somebody who has waited longer elsewhere."""
        watcher = self.watcher
        return (
            watcher.course is not self.course
            or watcher.others_wait_longer(self.assignment)
            or watcher.course.exam(self.assignment).digest != self.exam.digest
        )

    def _stands_already(self, waiter: Waiter) -> bool:
        try:
            job = self.roll.job(waiter.student)
            parts = self.roll.parts(job)
            key = self.server.recorded(waiter.student, parts, job.finding)
        except Exception:  # marking it will say what is wrong
            return False
        if key is None:
            return False
        self._serve(waiter, key, parts, job.finding, record=False)
        return True

    def done(self, arrival: Arrival) -> None:
        waiter = self.waiting.running[arrival.student]
        if not self.waiting.is_as_it_was(waiter):
            # handed in anew meanwhile: only the newest counts
            self.waiting.done(waiter.student, None)
        elif arrival.failure is not None:
            self._failed(waiter, " ".join(arrival.failure.incidents))
        else:
            self._serve(waiter, arrival.key, arrival.parts, arrival.finding, record=True)
        self.watcher._tell()

    def _serve(
        self, waiter: Waiter, key: str, parts: Any, finding: Finding, *, record: bool
    ) -> None:
        student, waiting = waiter.student, self.waiting
        try:
            result = self.server.result(key, finding)
            if result is None:
                self._failed(waiter, "its stored result is damaged: it is marked again")
                return
            if record:
                self.server.record(student, parts, result, finding)
                # what was recorded is what was marked, or else it is marked again
                if not self._only_recorded(waiter):
                    self.server.recorder.notes.forget(student)
                    waiting.done(student, None)
                    return
            found = waiting.seen(student)
            seen = found[0] if found else ""
            shown = self.server.show(student, key, result, finding, seen)
        except Busy as error:
            self._failed(waiter, str(error))
        except Exception as error:  # one student's, not the class's
            self._failed(waiter, one_line(error, 300) or type(error).__name__)
        else:
            waiting.done(student, seen)
            wait = max(0.0, time() - waiter.since)
            self.desk.held.pop(student, None)
            if shown.held_until is None:
                self.watcher.status.served(wait if record else None)
            else:
                self.desk.held[student] = shown.held_until
            self.watcher.say(
                f"{self.assignment}: {student}: {result.points:g} of {result.max_points:g} points, "
                + ("feedback later" if shown.held_until else f"feedback after {wait:.0f} s")
                + ("" if record else " (marked before)")
            )

    def _only_recorded(self, waiter: Waiter) -> bool:
        """Whether nothing but the note of the recording has changed since it was taken."""
        found = self.waiting.seen(waiter.student)
        return found is not None and found[0].split()[:2] == waiter.seen.split()[:2]

    def _failed(self, waiter: Waiter, reason: str) -> None:
        seconds = self.waiting.failed(waiter)
        self.watcher.failures += 1
        self.watcher._trouble(
            f"{self.assignment}: {waiter.student}", f"{reason} (tried again in {seconds:.0f} s)"
        )
