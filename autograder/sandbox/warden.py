"""Starts one sandbox, watches what it uses, and ends every process of it.

A sandbox dies with the *thread* that started it (bubblewrap's --die-with-parent), so each has a
thread of its own here, which lives as long as the sandbox does.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import resource
import select
import shlex
import signal
import stat
import subprocess
import threading
from typing import IO

from ..limits import Limits
from .bubblewrap import HOME, Sandbox, resource_limits
from .processors import Processor
from .usage import excess, own_memory

LOG = logging.getLogger("autograder.sandbox")
POLL_SECONDS = 0.1
TAIL_BYTES = 4096
# of the largest size: honest work in the grader, replies included, needs a few of them
MESSAGES = 32


class Warden:
    """The life of one sandbox. Thread-safe.

    `ended` is set when no process of it is left; then `returncode` is the exit status of its
    command (137 when it was killed), and `ended_because` says in one sentence why the warden ended
    it (None when it did not).
    """

    def __init__(self, sandbox: Sandbox, limits: Limits):
        self.limits = limits
        self.returncode: int | None = None
        self.ended_because: str | None = None
        self.ended, self.started = threading.Event(), threading.Event()
        self._sandbox = sandbox
        self._processor: Processor | None = None
        self._stderr = b""
        self._status: int | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._init: int | None = None  # pidfd of the first process of its PID namespace
        self._init_pid = 0
        self._watched: dict[str, int] = {}
        self._lock = threading.Lock()
        self._killed = False
        self._before = own_memory()
        threading.Thread(target=self._live, name="ntk-warden", daemon=True).start()

    @property
    def stderr(self) -> str:
        """The last lines of what bubblewrap and the kernel wrote there before the kernel took it
        over."""
        return self._stderr.decode(errors="replace").strip()

    def kill(self) -> None:
        """End every process of the sandbox; `ended` follows."""
        with self._lock:
            self._killed = True
            if self._init is not None:
                _signal(self._init)
            elif self._process is not None and self.returncode is None:
                self._process.kill()

    def open_socket(self, path: str) -> int | None:
        """A descriptor of the socket at `path` in the sandbox, or None while there is none. The
        caller closes it.

        It stays the same socket whatever the sandbox puts in its place later.
        """
        fd = self._open(path, os.O_PATH | os.O_NOFOLLOW)
        if fd is not None and not stat.S_ISSOCK(os.fstat(fd).st_mode):
            os.close(fd)
            return None
        return fd

    def watch(self) -> None:
        """Start to watch memory and files. Call it once the sandbox is complete (its sockets
        exist)."""
        for path in ("/proc", HOME, "/tmp"):
            fd = self._open(path, os.O_RDONLY | os.O_DIRECTORY)
            with self._lock:
                if fd is not None and self._init is not None:
                    self._watched = self._watched | {path: fd}
                elif fd is not None:
                    os.close(fd)

    def _open(self, path: str, flags: int) -> int | None:
        with self._lock:
            if self._init is None:
                return None
            try:
                return os.open(f"/proc/{self._init_pid}/root{path}", flags | os.O_CLOEXEC)
            except OSError:
                return None

    def _live(self) -> None:
        try:
            process, init = self._start()
            if init is not None:
                self._attend(process, init)
            status = process.wait()
            self.returncode = self._status if self._status is not None else status
        except OSError as error:
            self._stderr = str(error).encode()
            self.returncode = 127
        finally:
            with self._lock:
                for fd in (*self._watched.values(), *([] if self._init is None else [self._init])):
                    os.close(fd)
                self._watched, self._init = {}, None
            if self._processor is not None:
                self._processor.release()
            if self._process is not None:
                stdout, stderr = _pipes(self._process)
                os.set_blocking(stderr.fileno(), False)
                self._keep(stderr.read() or b"")
                stderr.close()
                stdout.close()
            LOG.debug("ended with %s; standard error: %s", self.returncode, self.stderr or "none")
            self.started.set()
            self.ended.set()

    def _start(self) -> tuple[subprocess.Popen[bytes], int | None]:
        reading, writing = os.pipe()
        try:
            argv = [self._sandbox.argv[0], "--info-fd", str(writing), *self._sandbox.argv[1:]]
            LOG.debug("%s", shlex.join(argv))
            self._processor = Processor()
            with self._processor.here():
                process = self._process = subprocess.Popen(
                    argv,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    pass_fds=(writing, *self._sandbox.fds),
                    # a Ctrl-C in the grader's terminal is the grader's to handle
                    start_new_session=True,
                    cwd="/",
                    env={},
                )
            os.close(writing)
            writing = -1
            self._init_pid = _child_pid(reading)
        finally:
            self._sandbox.close()
            os.close(reading)
            if writing >= 0:
                os.close(writing)
        with self._lock:
            try:
                self._init = os.pidfd_open(self._init_pid) if self._init_pid else None
                self._limit_init()
            except ProcessLookupError:
                pass
            if self._killed:
                (_signal(self._init) if self._init is not None else process.kill())
        self.started.set()
        return process, self._init

    def _limit_init(self) -> None:
        """An ordinary user's kernel could write into the memory of the namespace's first process,
        which is of the same user: it gets the same limits."""
        if self._init is not None and os.geteuid() != 0:
            for kind, value in resource_limits(self.limits).values():
                resource.prlimit(self._init_pid, kind, (value, value))

    def _attend(self, process: subprocess.Popen[bytes], init: int) -> None:
        """Wait for the end of the PID namespace; end it when its command has ended or it uses too
        much."""
        poller = select.poll()
        stdout, stderr = (pipe.fileno() for pipe in _pipes(process))
        for fd in (init, stdout, stderr):
            poller.register(fd, select.POLLIN)
        while True:
            ready = dict(poller.poll(POLL_SECONDS * 1000))
            if init in ready:
                return
            if stderr in ready:  # read, so that nobody blocks on it
                chunk = os.read(stderr, 2**16)
                self._keep(chunk)
                if not chunk:
                    poller.unregister(stderr)
            if stdout in ready:
                text = os.read(stdout, 8).strip()
                poller.unregister(stdout)
                self._status = int(text) if text.isdigit() else None
                self.kill()
            if self.ended_because is None:
                self.ended_because = (
                    excess(self._watched, self.limits.memory_bytes) or self._flood()
                )
                if self.ended_because is not None:
                    self.kill()

    def _flood(self) -> str | None:
        """A message's size is limited part by part only, and how many wait is not: look at what
        they take up here."""
        if self._watched and own_memory() - self._before > MESSAGES * self.limits.message_bytes:
            return "The notebook sent more than the grader can hold."
        return None

    def _keep(self, text: bytes) -> None:
        self._stderr = (self._stderr + text)[-TAIL_BYTES:]


def _signal(pidfd: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        signal.pidfd_send_signal(pidfd, signal.SIGKILL)


def _pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    """Standard output and error of a process that was started with pipes."""
    assert process.stdout is not None
    assert process.stderr is not None
    return process.stdout, process.stderr


def _child_pid(fd: int) -> int:
    """What bubblewrap says on --info-fd; 0 when it ended without a word."""
    text = b""
    while b"}" not in text:
        chunk = os.read(fd, 4096)
        if not chunk:
            return 0
        text += chunk
    return json.loads(text)["child-pid"]
