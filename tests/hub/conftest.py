"""The hub as `make hub` starts it, one for all tests of this folder, and a browser.

Needs root (students are system accounts) and Debian's Chromium. The environments are built once and
kept; accounts, processes and folders are gone after the tests, also when they fail. Pictures go to
tests/hub/pictures.
"""

from __future__ import annotations

import json
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep

import pytest

from hub.accounts import give, processes_of
from hub.environments import build
from hub.places import GRADER, INSTRUCTOR, Places
from tests.conftest import ASSIGNMENT, ROOT, STARTUP

PICTURES = Path(__file__).parent / "pictures"
START_SECONDS, STOP_SECONDS = 600, 180
HUBS: list[ExitStack] = []  # what runs now: one, or none


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(item.path).parent == Path(__file__).parent:
            item.add_marker(pytest.mark.timeout(5400))  # the first run installs PyTorch


@dataclass
class Hub:
    """A running hub, seen from root."""

    address: str
    passwords: dict[str, str]
    places: Places

    instructor = INSTRUCTOR
    students = property(lambda self: [name for name in self.passwords if name != INSTRUCTOR])

    def run(
        self, user: str, words: list, *, check: bool = True, **variables: str
    ) -> subprocess.CompletedProcess:
        """Run a command as an account, in its home, with nothing of root's environment."""
        account = pwd.getpwnam(user)
        env = {
            "HOME": account.pw_dir,
            "USER": user,
            "LANG": "C.UTF-8",
            "PATH": f"{self.places.student}/bin:/usr/bin:/bin",
        }
        run = subprocess.run(
            [str(word) for word in words],
            user=account.pw_uid,
            group=account.pw_gid,
            extra_groups=[],
            cwd=account.pw_dir,
            env=env | variables,
            capture_output=True,
            text=True,
            timeout=1200,
            check=False,
        )
        if check:
            assert run.returncode == 0, f"{words}\n{run.stdout[-4000:]}\n{run.stderr[-4000:]}"
        return run

    def memory(self, user: str, word: str) -> float:
        """Resident memory (MiB) of the account's largest process whose command line holds `word`;
        noted by the pictures."""
        found = [
            resident(pid)
            for pid in processes_of(pwd.getpwnam(user).pw_uid)
            if word in command_of(pid)
        ]
        with open(PICTURES / "memory.txt", "a") as notes:
            notes.write(f"{user} {word}: {max(found):.0f} MiB\n")
        return max(found)

    def server(self, user: str) -> int:
        """The process of the account's Jupyter server."""
        uid = pwd.getpwnam(user).pw_uid
        return min(p for p in processes_of(uid) if "jupyterhub-singleuser" in command_of(p))

    def hand_in(
        self, user: str, write: Callable[[Path], None], claims: str | None = None, hours: float = 0
    ) -> Path:
        """Put a submission into `inbound` by hand, from the account of `user`, as from one who
        `claims` to be another, at a time so many hours from now."""
        when = datetime.now(UTC) + timedelta(hours=hours)
        stamp = f"{when:%Y-%m-%d %H:%M:%S.%f} UTC"
        folder = (
            self.places.exchange
            / "ntk"
            / "inbound"
            / f"{claims or user}+{ASSIGNMENT}+{stamp}+{secrets.token_hex(6)}"
        )
        with TemporaryDirectory(dir=self.places.home(user)) as scratch:
            work = Path(scratch) / "work"
            work.mkdir()
            write(work)
            (work / "timestamp.txt").write_text(stamp)
            (work / "submission_secret.txt").write_text(secrets.token_hex(64))
            give(Path(scratch), user)
            self.run(user, ["cp", "-r", "--no-preserve=mode", work, folder])
        return folder

    def in_course(self, words: list, **options) -> subprocess.CompletedProcess:
        """Run a command as in a terminal of the course service: its environment, the course's
        folder."""
        return self.run(
            GRADER,
            ["env", "-C", self.places.course, *words],
            **self.service_environment(),
            **options,
        )

    def service_environment(self) -> dict[str, str]:
        return environment_of(GRADER, "jupyterhub.singleuser")


def command_of(pid: int) -> str:
    try:
        return (
            Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        )
    except OSError:
        return ""


def resident(pid: int) -> float:
    """MiB"""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def environment_of(user: str, word: str) -> dict[str, str]:
    """The environment of a process of `user` whose command line holds `word`."""
    for pid in processes_of(pwd.getpwnam(user).pw_uid):
        if word in command_of(pid):
            text = Path(f"/proc/{pid}/environ").read_bytes().decode()
            return dict(pair.split("=", 1) for pair in text.split("\0") if "=" in pair)
    raise LookupError(f"{user} has no process of {word}")


@pytest.fixture(scope="session")
def pictures() -> Path:
    shutil.rmtree(PICTURES, ignore_errors=True)
    PICTURES.mkdir()
    return PICTURES


@pytest.fixture(scope="session")
def places(pytestconfig):
    """The folders of the hub, with current environments in them."""
    if os.geteuid() != 0:
        pytest.skip("root is needed: students are system accounts")
    capture = pytestconfig.pluginmanager.getplugin("capturemanager")
    before = os.umask(0o022)
    with capture.global_and_fixture_disabled():  # the first time it takes minutes, and says so
        build(Places(), lambda text: print(f"\n{text}", end="", flush=True))
    os.umask(before)
    return Places()


@pytest.fixture(scope="session")
def hub(places, pictures, tmp_path_factory, request):
    """Its watcher is off, so that the tests collect and mark when they want to; with the parameter
    "watch" it is on, as in `make hub`."""
    folder = tmp_path_factory.mktemp("hub")
    ready, said = folder / "ready.json", folder / "said.txt"
    words = [sys.executable, "-m", "hub", "--port", "0", "--students", "3", "--ready", str(ready)]
    paths = os.environ["PYTHONPATH"].removeprefix(STARTUP).lstrip(os.pathsep)
    words += [] if getattr(request, "param", "") == "watch" else ["--no-watch"]
    with open(said, "w") as output:
        launcher = subprocess.Popen(
            words,
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": paths},
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
        )

    def stop() -> None:
        if places.log.is_file():
            shutil.copy(places.log, pictures / "hub.log")
        launcher.send_signal(signal.SIGINT)
        try:
            launcher.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            launcher.kill()
            raise

    with ExitStack() as running:
        running.callback(stop)
        HUBS.append(running)
        deadline = monotonic() + START_SECONDS
        while not ready.is_file():
            assert launcher.poll() is None, said.read_text()
            assert monotonic() < deadline, f"the hub did not start:\n{said.read_text()}"
            sleep(0.2)
        yield Hub(**json.loads(ready.read_text()), places=places)
    assert launcher.returncode == 0, said.read_text()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_teardown(nextitem):
    """The hub ends with the last of its tests, not with those that the same process runs later."""
    yield
    if nextitem is None or Path(nextitem.path).parent != Path(__file__).parent:
        while HUBS:
            HUBS.pop().close()
