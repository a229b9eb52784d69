"""Forks a child for each piece of work, a few at a time, each with a limit on its time and memory.

The parent has everything loaded and has only ever computed with one thread: a process whose
libraries have started threads of their own must not be forked. A child that wants two threads asks
for them after it was born.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import selectors
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

MEMORY_BYTES = 4 * 2**30  # of data in one child, as in the sandbox
BEAT = 0.2  # s between two looks at the clocks


@dataclass
class Job:
    """One piece of work. `work()` runs in a child and returns JSON; `about` is the caller's, and
    stays here."""

    about: Any
    work: Callable[[], Any]
    seconds: float


@dataclass
class Done:
    """How a job ended: `value` is what it returned; failure says why there is none ("time", "died",
    or an error)."""

    about: Any
    value: Any
    failure: str | None
    seconds: float


@dataclass
class _Child:
    job: Job
    pid: int
    pipe: int
    began: float
    received: list[bytes] = field(default_factory=list)


def run(
    jobs: Iterable[Job], workers: int, beat: Callable[[], None] = lambda: None
) -> Iterator[Done]:
    """Run the jobs in at most `workers` children at once; yield their outcomes as they come.

    beat: called a few times a second. Jobs are drawn from the iterable only when there is room for
    them. Every child is gone when this ends, also after an exception or Ctrl-C.
    """
    waiting = iter(jobs)
    running: dict[int, _Child] = {}
    more = True
    with selectors.DefaultSelector() as pipes:
        try:
            while more or running:
                while more and len(running) < workers:
                    job = next(waiting, None)
                    if job is None:
                        more = False
                    else:
                        child = _start(job)
                        running[child.pipe] = child
                        pipes.register(child.pipe, selectors.EVENT_READ)
                for key, _ in pipes.select(BEAT):
                    data = os.read(key.fd, 2**20)
                    running[key.fd].received.append(data)
                    if not data:
                        yield _end(running.pop(key.fd), pipes)
                beat()
                now = monotonic()
                for child in [c for c in running.values() if now - c.began > c.job.seconds]:
                    yield _end(running.pop(child.pipe), pipes, "time")
        finally:
            for child in running.values():
                _end(child, pipes, "time")


def _start(job: Job) -> _Child:
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        _live(job, writing)
    os.close(writing)
    return _Child(job, pid, reading, monotonic())


def _live(job: Job, writing: int) -> None:
    """The child's whole life."""
    try:
        os.setpgid(0, 0)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        null = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(null, stream)
        sys.stdout = sys.stderr = open(os.devnull, "w")  # noqa: SIM115
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        try:
            reply = {"value": job.work()}
        except BaseException as error:  # also SystemExit: whatever ends the work is its outcome
            reply = {"failure": f"{type(error).__name__}: {str(error)[:300]}"}
        data = json.dumps(reply).encode()
        while data:
            data = data[os.write(writing, data) :]
    finally:
        os._exit(0)


def _end(child: _Child, pipes: selectors.BaseSelector, failure: str | None = None) -> Done:
    pipes.unregister(child.pipe)
    os.close(child.pipe)
    _kill(child.pid)
    value = None
    if failure is None:
        try:
            reply = json.loads(b"".join(child.received))
            value, failure = reply.get("value"), reply.get("failure")
        except ValueError:
            failure = "died"
    return Done(child.job.about, value, failure, monotonic() - child.began)


def _kill(pid: int) -> None:
    """End a child and whatever it started, and wait for it."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:  # it has not come to its setpgid yet, or is gone
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
