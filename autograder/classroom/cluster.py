"""Marks many submissions with Dask: a cache before, a queue that stays short, results kept as they
arrive."""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from .. import startup  # noqa: F401  (first: it makes the imports below quicker)
from ..assignment.exam import Exam
from ..errors import OneLine
from ..marking.mark import mark
from ..marking.result import Result, Status
from ..marking.store import dumps, key_of, loads
from ..marking.terms import Terms
from ..marking.version import grader_parts, grader_version
from ..sandbox.python import PythonError
from ..submission.files import Finding
from ..text import one_line
from .private import private
from .roll import Job, Roll

if TYPE_CHECKING:
    from distributed import Client, Future

LOOK_SECONDS = 0.1  # that the end of a marking is waited for before something else is looked at
DEATHS = 3  # a submission that took so many workers with it is set aside


class ClusterError(OneLine):
    """The cluster cannot be used."""


def mark_remotely(
    exam: Exam, terms: Terms, files: Mapping[str, bytes | None], version: str, at_once: int = 1
) -> bytes:
    """Runs on a worker, which needs this package and a sandbox, and nothing of the course.

    at_once: so many notebooks side by side, if the worker's machine has the processors.
    """
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    try:
        here = grader_version(exam, terms)
    except PythonError as error:
        raise ClusterError(f"a worker cannot run student code: {error}") from error
    if here != version:
        raise ClusterError(
            f"a worker has another version of the grader or its libraries ({here}, not {version}): "
            "install the same ones everywhere"
        )
    at_once = min(at_once, os.cpu_count() or 1)
    return dumps(mark(exam, files, terms, at_once=at_once))


@contextmanager
def connect(
    roll: Roll, workers: int | None = None, scheduler: str | None = None
) -> Iterator[Client]:
    """A Dask client: of the cluster at `scheduler` or in Dask's configuration, else of a new local
    one.

    Raises ClusterError when the scheduler does not answer or a worker's version differs.
    """
    import dask
    from distributed import Client, LocalCluster

    settings = {
        "distributed.scheduler.worker-saturation": 1.0,
        "distributed.scheduler.allowed-failures": DEATHS - 1,
        "distributed.worker.profile.enabled": False,
        # how often scheduler and workers look whether they are late: every 20 ms it keeps a watcher
        # busy that has nothing to do
        "distributed.admin.tick.interval": "1s",
        "distributed.comm.timeouts.connect": "15s",
        # no pages about the class on a port that others can read
        "distributed.scheduler.http.routes": [],
        "distributed.worker.http.routes": [],
    }
    with dask.config.set(settings):
        scheduler = scheduler or dask.config.get("scheduler-address", None)
        if scheduler is None:
            count, keys = workers or os.cpu_count() or 1, private()
            with (
                LocalCluster(
                    n_workers=count,
                    threads_per_worker=1,
                    processes=True,
                    dashboard_address="127.0.0.1:0",
                    silence_logs=50,
                    scheduler_kwargs={"dashboard": False},
                    **({"security": keys, "protocol": "tls://"} if keys else {}),
                ) as cluster,
                Client(cluster) as client,
            ):
                yield client
            return
        try:
            client = Client(scheduler, timeout="15s")
        except (OSError, ValueError, TimeoutError) as error:
            raise ClusterError(
                f"no scheduler answers at {scheduler}: start one, or leave out --scheduler"
            ) from error
        with client:
            _compare_versions(client, scheduler, roll)
            if not client.nthreads():
                print(
                    f"No worker is connected to {scheduler} yet: waiting for one …", file=sys.stderr
                )
            yield client


def _compare_versions(client: Client, scheduler: str, roll: Roll) -> None:
    try:
        found = client.run(grader_parts, roll.exam, roll.terms, on_error="return")
        for worker, said in sorted(found.items()):
            if isinstance(said, PythonError):
                raise ClusterError(f"the worker {worker} cannot run student code: {said}")
            if isinstance(said, BaseException):
                raise said
    except ClusterError:
        raise
    except Exception as error:
        raise ClusterError(
            f"the workers at {scheduler} cannot load the grader ({error}): install it there"
        ) from error
    here = grader_parts(roll.exam, roll.terms)
    differs = [
        f"{worker}: {name} {theirs.get(name)}, here {here[name]}"
        for worker, theirs in sorted(found.items())
        for name in here
        if theirs.get(name) != here[name]
    ]
    if differs:
        raise ClusterError(
            f"the workers at {scheduler} have another version of the grader or its libraries "
            f"({'; '.join(differs[:6])}): install the same ones everywhere"
        )


@dataclass(frozen=True)
class Arrival:
    """One submission is finished: its result lies in the store under `key`, unless `failure` stands
    for it. `finding` has no bytes any more."""

    student: str
    key: str
    parts: Mapping[str, str]
    failure: Result | None
    was_stored: bool
    finding: Finding


def mark_class(
    roll: Roll,
    cluster: Callable[[], AbstractContextManager[Client]],
    done: Callable[[Arrival], None],
    *,
    fresh: bool = False,
    more: Callable[[int], Iterable[str]] | None = None,
) -> None:
    """Mark everybody on the roll; call `done` for each as it is finished. `cluster` (see `connect`)
    is entered when first needed. Raises ClusterError when the cluster vanishes.

    fresh: mark also what is stored already. more: asked again and again, with the number of places
    that are free, for students who have come since (none whose submission is not done yet). Every
    new result is in the store before `done` hears of it, so that whatever ends this process, the
    next run goes on from there. Submissions are read as places become free: memory does not grow
    with the class.
    """
    with ExitStack() as stack:
        _Run(roll, lambda: stack.enter_context(cluster()), done, fresh, more).drain()


@dataclass
class _Pending:
    """A submission that is being marked, and everybody who handed it in."""

    job: Job
    parts: Mapping[str, str]
    students: dict[str, Finding]


def _died(error: BaseException | None) -> bool:
    from distributed import KilledWorker

    return isinstance(error, KilledWorker)


class _Run:
    """One pass over a roll: what runs, what waits, and who is suspected of ending workers."""

    def __init__(
        self,
        roll: Roll,
        cluster: Callable[[], Client],
        done: Callable[[Arrival], None],
        fresh: bool,
        more: Callable[[int], Iterable[str]] | None = None,
    ):
        self.roll, self.cluster, self.done, self.fresh = roll, cluster, done, fresh
        self.more = more
        self.queue = deque(roll.names)
        self.version = grader_version(roll.exam, roll.terms)
        self.waiting: dict[str, _Pending] = {}
        self.suspects: dict[str, _Pending] = {}
        self.client: Client | None = None
        self.running: Any = None  # distributed.as_completed, once there is a client

    def drain(self) -> None:
        try:
            self._fill()
            while self.waiting or self.suspects:
                if self.waiting:
                    if (future := self._next(wait=self.more is None)) is not None:
                        self._finish(future, alone=False)
                else:
                    key, pending = self.suspects.popitem()
                    self.waiting[key] = pending
                    self._submit(key, pending.job)
                    self._finish(self._next(wait=True), alone=True)
                self._fill()
        finally:
            if self.running is not None:  # else everything was in the store
                self.running.clear()

    def _next(self, wait: bool) -> Any:
        """A future that is finished; without `wait` None when there is none after a moment."""
        while not self.running.has_ready():
            if self.client is not None and self.client.status in ("closing", "closed"):
                raise ClusterError("the cluster has vanished: start it again")
            with self.running.thread_condition:
                self.running.thread_condition.wait(timeout=LOOK_SECONDS)
            if not wait and not self.running.has_ready():
                return None
        return next(self.running)

    def _submit(self, key: str, job: Job) -> None:
        from distributed import as_completed

        if self.client is None:
            self.client = self.cluster()
            self.running = as_completed(loop=self.client.loop)
        # places that would stay empty, shared among the submissions that are left
        free = self._room() - len(self.waiting) + 1
        at_once = max(1, free // (len(self.queue) + 1))
        # the terms (some 100 kB) travel with each submission: scattered once, they would be lost
        # with their worker
        work = (
            mark_remotely,
            self.roll.exam,
            self.roll.terms,
            dict(job.finding.files),
            self.version,
            at_once,
        )
        future = self.client.submit(*work, key=f"ntk-{key}", pure=False)
        self.running.add(future)

    def _room(self) -> int:
        """One submission for each thread: what waits on a worker behind another would share the
        blame for its death."""
        return max(1, sum(self.client.nthreads().values())) if self.client else 1

    def _fill(self) -> None:
        room = self._room()
        if self.more is not None:
            free = 0 if self.suspects else room - len(self.waiting) - len(self.queue)
            self.queue.extend(self.more(max(0, free)))
        while len(self.waiting) < room and not (self.suspects and self.more):
            if not self.queue:
                return
            student = self.queue.popleft()
            try:
                job = self.roll.job(student)
            except Exception as error:  # one student's files must not stop a class
                failure = self._unmarked(f"Its files cannot be read ({one_line(error, 200)}).")
                self.done(Arrival(student, "", {}, failure, False, Finding({})))
                continue
            parts = self.roll.parts(job)
            key, finding = key_of(parts), replace(job.finding, files={})
            same = self.waiting.get(key) or self.suspects.get(key)
            if same:  # the same submission twice is marked once
                same.students[student] = finding
            elif key in self.roll.store and not self.fresh:
                self.done(Arrival(student, key, parts, None, True, finding))
            else:
                self.waiting[key] = _Pending(job, parts, {student: finding})
                self._submit(key, job)
                room = self._room()

    def _finish(self, future: Future, alone: bool) -> None:
        """Keep a result, find the worker its next submission, then tell of it. `alone`: nothing
        else was running."""
        from distributed import wait

        key = str(future.key).removeprefix("ntk-")
        pending, failure = self.waiting.pop(key), None
        if future.status == "cancelled":  # Dask gives up all of them when it loses its scheduler
            raise ClusterError("the cluster has vanished: start it again")
        # A result that was lost with its worker since we heard of it is made again elsewhere.
        wait(future)
        if future.status == "finished":
            data = future.result()
            result = loads(data, marks_only=True)
            if result.status is not Status.INFRASTRUCTURE_ERROR:
                self.roll.store.put(key, data)
            else:
                failure = result
        elif not alone and _died(future.exception()):
            # or a neighbour of the culprit: tried again when all others are done
            self.suspects[key] = pending
        else:
            failure = self._failure(future.exception())
        future.release()
        if not alone:
            self._fill()
        if key not in self.suspects:
            for student, finding in pending.students.items():
                self.done(Arrival(student, key, pending.parts, failure, False, finding))

    def _failure(self, error: BaseException) -> Result:
        if isinstance(error, ClusterError):
            raise error
        reason = f"The worker failed: {error!r}"
        if _died(error):
            reason = f"It ended {DEATHS} workers while nothing else was marked, and was set aside."
        return self._unmarked(reason)

    def _unmarked(self, reason: str) -> Result:
        exam = self.roll.exam
        return Result(
            exam.assignment, Status.INFRASTRUCTURE_ERROR, exam.max_points, incidents=[reason]
        )
