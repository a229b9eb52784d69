"""A hub for a demonstration or a test: makes accounts and folders, runs JupyterHub, and takes
everything away again.

What is made is written down first (`made.json`), so that a hub that was killed is cleaned up by the
next one.
"""

from __future__ import annotations

import fcntl
import json
import os
import random
import secrets
import shutil
import signal
import socket
import subprocess
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path
from time import monotonic, sleep

from .accounts import exists, give, make_account, remove_account
from .course import make_course, make_exchange
from .places import COURSE, GRADER, INSTRUCTOR, ROOT, STUDENT, HubError, Places

START_SECONDS, STOP_SECONDS = 180.0, 60.0


class Demonstration:
    """`start()`, then `address` and `passwords` are known; `stop()` removes all that was made, in
    whatever state."""

    def __init__(
        self,
        places: Places,
        students: int,
        port: int,
        say: Callable[[str], None] = print,
        watch: bool = True,
    ):
        """port: of the hub on loopback; 0 takes a free one. watch: whether what students hand in is
        marked at once."""
        self.places, self.say, self.watch = places, say, watch
        self.students = [STUDENT.format(number + 1) for number in range(students)]
        self.port = port or free_ports(1)[0]
        self.address = f"http://127.0.0.1:{self.port}"
        self.passwords = {user: secrets.token_urlsafe(9) for user in (INSTRUCTOR, *self.students)}
        self.hub: subprocess.Popen | None = None
        self._lock: int | None = None

    def start(self) -> None:
        """Raises HubError; call `stop()` also then."""
        os.umask(0o022)
        self._claim()
        self._sweep()
        if not _is_free(self.port):
            raise HubError(
                f"Port {self.port} on 127.0.0.1 is in use: choose another one (make hub PORT=8001)."
            )
        self._make()
        self._run_hub()

    def wait(self) -> None:
        """Return when the hub ends by itself. Raises HubError: it should not."""
        assert self.hub is not None, "start() comes first"
        self.hub.wait()
        raise HubError(f"JupyterHub ended by itself. Its last lines:\n{self._tail()}")

    def stop(self) -> None:
        """Stop the hub, then remove accounts, processes and folders. Harmless when done twice."""
        if self._lock is None:
            return
        if self.hub is not None:
            _end(self.hub)
            self.hub = None
        self._sweep()
        os.close(self._lock)
        self._lock = None

    def _claim(self) -> None:
        """One hub at a time: the accounts have fixed names."""
        lock = os.open("/run/ntk-hub.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            raise HubError(
                "A hub of this project runs on this machine already: end it first."
            ) from None
        self._lock = lock

    def _sweep(self) -> None:
        """Remove what the journal names: ours, or of a hub that was killed."""
        journal = self.places.journal
        if not journal.is_file():
            return
        made = json.loads(journal.read_text())
        _end_proxy(self.places.hub / "proxy.pid")
        for user in made["users"]:
            remove_account(user, self.places)
        _close_course_environment(self.places)
        shutil.rmtree(self.places.run, ignore_errors=True)
        shutil.rmtree(self.places.state)

    def _make(self) -> None:
        places, users = self.places, [GRADER, INSTRUCTOR, *self.students]
        for user in users:
            if exists(user):
                raise HubError(
                    f"The account {user} exists already and is not this hub's: it is left as it is."
                )
        if places.state.exists() or places.run.exists():
            raise HubError(
                f"{places.state} or {places.run} exists and is not this hub's: move it out of the "
                "way."
            )
        self.say(
            f"Making the accounts {', '.join(users)} and the folders {places.state} and "
            f"{places.run}; "
            "all of it is removed when the hub ends"
        )
        for folder in (places.state, places.homes, places.run):
            folder.mkdir(mode=0o755, parents=True)
        places.hub.mkdir(mode=0o700)
        places.journal.write_text(json.dumps({"users": users}))
        places.journal.chmod(0o600)
        for user in users:
            make_account(user, places)
        _open_course_environment(places)
        give(_fresh(places.run / GRADER), GRADER)
        make_course(places, self.students)
        make_exchange(places)

    def _run_hub(self) -> None:
        self.say("Starting JupyterHub")
        places = self.places
        hub_port, proxy_port, course_port, pages_port = free_ports(4)
        settings = {
            "course": COURSE,
            "grader": GRADER,
            "instructors": [INSTRUCTOR],
            "students": self.students,
            "passwords": self.passwords,
            "address": self.address,
            "hub_port": hub_port,
            "proxy_port": proxy_port,
            "course_port": course_port,
            "pages": {"folder": str(places.pages), "port": pages_port},
            "course_folder": str(places.course),
            "course_environment": str(places.course_env),
            "student_environment": str(places.student),
            "etc": str(places.etc),
            "exchange": str(places.exchange),
            "state": str(places.state),
            "run": str(places.run),
        }
        if self.watch:  # half of the machine stays the students'
            workers = max(1, len(os.sched_getaffinity(0)) // 2)
            settings["watch"] = {"workers": workers, "nice": 10}
        path = places.hub / "settings.json"
        path.touch(mode=0o600)
        path.write_text(json.dumps(settings, indent=1))
        env = {name: os.environ[name] for name in ("LANG", "LC_ALL", "TZ") if name in os.environ}
        env |= {"PATH": f"{places.student}/bin:/usr/bin:/bin:/usr/sbin", "HOME": str(places.hub)}
        env |= {"NTK_HUB_SETTINGS": str(path)}
        configuration = ROOT / "hub" / "jupyterhub_config.py"
        with open(places.log, "w") as log:
            hub = self.hub = subprocess.Popen(
                [
                    "setpriv",
                    "--pdeathsig",
                    "TERM",
                    places.student / "bin" / "python",
                    "-P",
                    "-m",
                    "jupyterhub",
                    "-f",
                    str(configuration),
                ],
                cwd=places.hub,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C in the terminal is the launcher's to handle
            )
        self._await(hub, f"{self.address}/hub/api")
        self._await(hub, f"http://127.0.0.1:{course_port}/services/{COURSE}/api")
        self._await(hub, f"http://127.0.0.1:{pages_port}/services/pages/")

    def _await(self, hub: subprocess.Popen, address: str) -> None:
        deadline = monotonic() + START_SECONDS
        while True:
            if hub.poll() is not None:
                raise HubError(f"JupyterHub did not start. Its last lines:\n{self._tail()}")
            try:
                with urllib.request.urlopen(address, timeout=5):
                    return
            except OSError:
                if monotonic() > deadline:
                    raise HubError(
                        f"{address} gave no answer in {START_SECONDS:.0f} s:\n{self._tail()}"
                    ) from None
            sleep(0.5)

    def _tail(self, lines: int = 15) -> str:
        text = self.places.log.read_text(errors="replace") if self.places.log.is_file() else ""
        return "\n".join(text.splitlines()[-lines:])


def free_ports(count: int) -> Sequence[int]:
    """Ports on loopback that are free now, and stay so until the hub takes them: they lie below
    those that the system gives to any connection. Raises HubError."""
    lowest = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    candidates = range(max(1024, lowest // 2), max(lowest, 2048))
    tried = random.sample(candidates, min(200, len(candidates)))
    found = [port for port in tried if _is_free(port)]
    if len(found) < count:
        raise HubError(f"Of 200 ports from {candidates[0]} to {candidates[-1]} none is free.")
    return found[:count]


def _is_free(port: int) -> bool:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


def _end(hub: subprocess.Popen) -> None:
    """JupyterHub stops its servers, services and proxy when it is asked to."""
    if hub.poll() is None:
        hub.send_signal(signal.SIGTERM)
    try:
        hub.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(hub.pid, signal.SIGKILL)
        hub.wait()


def _end_proxy(pid_file: Path) -> None:
    """The proxy outlives a hub that was killed; JupyterHub writes its number into a file."""
    try:
        pid = int(pid_file.read_text())
        if b"hub/proxy.py" in Path(f"/proc/{pid}/cmdline").read_bytes():
            os.kill(pid, signal.SIGKILL)
    except (OSError, ValueError):
        pass


def _fresh(folder: Path) -> Path:
    folder.mkdir(mode=0o700)
    return folder


def _open_course_environment(places: Places) -> None:
    """Only root and the course's account may enter the environment with the grader in it."""
    shutil.chown(places.course_env, "root", GRADER)
    places.course_env.chmod(0o750)


def _close_course_environment(places: Places) -> None:
    if places.course_env.is_dir():
        shutil.chown(places.course_env, "root", "root")
        places.course_env.chmod(0o700)
