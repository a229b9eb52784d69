"""Marks many submissions with Dask: a cache before, a queue that stays short, results kept as they arrive."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass

from . import startup  # noqa: F401  (first: it makes the imports below quicker)
from .exam import Exam
from .limits import Limits
from .result import GRADED, INFRASTRUCTURE_ERROR, Result
from .score import mark
from .store import Store, dumps, key_of, loads, parts_of
from .version import grader_version

DEATHS = 3  # a submission that took so many workers with it is set aside


class ClusterError(Exception):
    """The cluster cannot be used. `str(error)` is one line that says why."""


@dataclass(frozen=True)
class Job:
    """One submission to be marked: whose, and the bytes of its notebooks."""

    student: str
    files: Mapping[str, bytes | None]
    incidents: tuple[str, ...] = ()


@dataclass(frozen=True)
class Terms:
    """What every submission of the run is marked by. Plain data that travels to the workers."""

    exam: Exam
    limits: Limits
    secret: bytes
    sandbox: str

    def key(self, job: Job) -> str:
        return key_of(self.parts(job))

    def parts(self, job: Job) -> dict[str, str]:
        return parts_of(self.exam, job.files, self.limits, self.sandbox, self.secret)


def mark_remotely(terms: Terms, files: Mapping[str, bytes | None], version: str) -> bytes:
    """Runs on a worker, which needs this package and a sandbox, and nothing of the course."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    if grader_version() != version:
        raise ClusterError(
            f"a worker has another version of the grader or its libraries ({grader_version()}, not {version}): "
            "install the same ones everywhere"
        )
    return dumps(mark(terms.exam, files, terms.limits, terms.secret, terms.sandbox))


@contextmanager
def connect(workers: int | None = None, scheduler: str | None = None) -> Iterator:
    """A Dask client: of the cluster at `scheduler` or in Dask's configuration, else of a new local one.

    Raises ClusterError when the scheduler does not answer or a worker's version differs.
    """
    import dask
    from distributed import Client, LocalCluster

    settings = {
        "distributed.scheduler.worker-saturation": 1.0,
        "distributed.scheduler.allowed-failures": DEATHS - 1,
        "distributed.worker.profile.enabled": False,
        "distributed.comm.timeouts.connect": "15s",
    }
    with dask.config.set(settings):
        scheduler = scheduler or dask.config.get("scheduler-address", None)
        if scheduler is None:
            count = workers or os.cpu_count() or 1
            with (
                LocalCluster(
                    n_workers=count,
                    threads_per_worker=1,
                    processes=True,
                    dashboard_address=None,
                    silence_logs=50,
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
            _compare_versions(client, scheduler)
            yield client


def _compare_versions(client, scheduler: str) -> None:
    try:
        found = set(client.run(grader_version).values())
    except Exception as error:
        raise ClusterError(
            f"the workers at {scheduler} cannot load the grader ({error}): install it there"
        ) from error
    if found - {grader_version()}:
        raise ClusterError(
            f"the workers at {scheduler} have another version of the grader or its libraries "
            f"({', '.join(sorted(found))}, not {grader_version()}): install the same ones everywhere"
        )


@dataclass(frozen=True)
class Arrival:
    """One submission is finished: its result lies in the store under `key`, unless `failure` stands for it."""

    student: str
    key: str
    parts: Mapping[str, str]
    failure: Result | None
    was_stored: bool


def mark_class(
    jobs: Iterable[Job],
    terms: Terms,
    store: Store,
    cluster: Callable[[], AbstractContextManager],
    done: Callable[[Arrival], None],
) -> None:
    """Mark `jobs`; call `done` for each as it is finished. `cluster` (see `connect`) is entered when first needed.

    Every new result is in the store before `done` hears of it, so that whatever ends this process, the next run goes
    on from there. Jobs are read as places become free: memory does not grow with the class.
    """
    with ExitStack() as stack:
        _Run(iter(jobs), terms, store, lambda: stack.enter_context(cluster()), done).drain()


class _Run:
    def __init__(self, queue, terms, store, cluster, done):
        self.queue, self.terms, self.store, self.cluster, self.done = queue, terms, store, cluster, done
        self.waiting: dict[str, list[str]] = defaultdict(list)  # {key: students}
        self.parts: dict[str, Mapping[str, str]] = {}
        self.client = self.shared = self.running = None

    def drain(self) -> None:
        self._fill()
        if self.running is None:  # everything was in the store
            return
        try:
            for future in self.running:
                self._finish(future)
                self._fill()
        finally:
            self.running.clear()

    def _submit(self, key: str, job: Job) -> None:
        from distributed import as_completed

        if self.client is None:
            self.client = self.cluster()
            self.running = as_completed(loop=self.client.loop)
            [self.shared] = self.client.scatter([self.terms], broadcast=False, hash=False)
        files, version = dict(job.files), grader_version()
        future = self.client.submit(mark_remotely, self.shared, files, version, key=f"ntk-{key}", pure=False)
        self.running.add(future)

    def _room(self) -> int:
        workers = self.client.scheduler_info().get("workers", {}) if self.client else {}
        return 2 * max(1, len(workers)) + 1

    def _fill(self) -> None:
        while len(self.waiting) < self._room():
            job = next(self.queue, None)
            if job is None:
                return
            parts = self.terms.parts(job)
            key = key_of(parts)
            if key not in self.waiting and key in self.store:
                self.done(Arrival(job.student, key, parts, None, True))
                continue
            self.waiting[key].append(job.student)
            if key not in self.parts:  # the same submission twice is marked once
                self.parts[key] = parts
                self._submit(key, job)

    def _finish(self, future) -> None:
        key = future.key.removeprefix("ntk-")
        students, parts = self.waiting.pop(key), self.parts.pop(key)
        failure = None
        if future.status == "finished":
            data = future.result()
            result = loads(data, marks_only=True)
            if result.status == GRADED:
                self.store.put(key, data)
            else:
                failure = result
        else:
            failure = self._failure(future.exception())
        for student in students:
            self.done(Arrival(student, key, parts, failure, False))
        future.release()

    def _failure(self, error: BaseException) -> Result:
        if isinstance(error, ClusterError):
            raise error
        died = type(error).__name__ == "KilledWorker"
        reason = f"It ended {DEATHS} workers and was set aside." if died else f"The worker failed: {error!r}"
        exam = self.terms.exam
        return Result(exam.assignment, INFRASTRUCTURE_ERROR, exam.max_points, incidents=[reason])
