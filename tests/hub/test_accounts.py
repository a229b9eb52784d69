"""What the launcher makes and takes away, and what it says when it cannot. Runs before the hub of
the other tests."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import sys

import pytest

from hub import course, demonstration
from hub.accounts import exists, make_account, processes_of, remove_account
from hub.course import as_grader
from hub.demonstration import Demonstration
from hub.environments import build, pins
from hub.places import GRADER, INSTRUCTOR, HubError, Places
from tests.conftest import ROOT

LATER = "import time; time.sleep(600)"


@pytest.fixture
def small(places, tmp_path, monkeypatch):
    """Demonstrations without JupyterHub, with folders of their own: making and sweeping takes
    seconds."""
    own = Places(environments=places.environments, state=tmp_path / "state", run=tmp_path / "run")
    monkeypatch.setattr(Demonstration, "_run_hub", lambda self: None)
    monkeypatch.setattr(course, "ADD", "pass")  # a gradebook takes longer than all the rest
    for folder in (tmp_path, *tmp_path.parents[:-2]):
        folder.chmod(folder.stat().st_mode | 0o011)  # accounts must be able to pass
    made = []

    def make(students: int = 1, port: int = 0) -> Demonstration:
        made.append(Demonstration(own, students, port, lambda text: None))
        return made[-1]

    yield make
    for hub in made:
        hub.stop()


def launch(*arguments: str, **options) -> subprocess.CompletedProcess:
    words = [sys.executable, "-m", "hub", *arguments]
    return subprocess.run(
        words, cwd=ROOT, capture_output=True, text=True, timeout=600, **options, check=False
    )


def test_without_root_it_says_so_in_one_line(tmp_path):
    if os.geteuid() != 0:
        run = launch()
    else:  # the clone may lie where nobody else can read it
        for name in ("hub", "requirements.lock"):
            (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(
                ROOT / name, tmp_path / name
            )
        for folder in (tmp_path, *tmp_path.parents[:-2]):
            folder.chmod(folder.stat().st_mode | 0o055)
        nobody = pwd.getpwnam("nobody")
        run = subprocess.run(
            ["/usr/bin/python3", "-B", "-m", "hub"],
            cwd=tmp_path,
            user=nobody.pw_uid,
            group=nobody.pw_gid,
            extra_groups=[],
            env={"PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=False,
        )
    assert run.returncode == 1
    assert run.stderr.splitlines() == [
        "hub: root is needed, because students are system accounts: sudo make hub"
    ]


@pytest.mark.parametrize("arguments", [("--port", "70000"), ("--students", "0"), ("--port", "x")])
def test_bad_arguments_are_named(arguments):
    run = launch(*arguments)
    assert run.returncode == 2 and arguments[0] in run.stderr and "Traceback" not in run.stderr


def test_a_bad_folder_or_python_is_one_line(monkeypatch):
    for name, value in (("NTK_HUB_STATE", "relative"), ("NTK_HUB_PYTHON", "/nowhere/python")):
        run = launch("--build", env=os.environ | {name: value})
        assert run.returncode == 1 and len(run.stderr.splitlines()) == 1 and value in run.stderr, (
            run.stderr
        )


def test_current_environments_are_not_built_again(places):
    said = []
    build(places, said.append)
    assert said == []


def test_the_hub_pins_every_version():
    assert {"jupyterhub", "configurable-http-proxy", "torch", "nbgrader"} <= pins().keys()


def test_all_that_is_made_goes(small):
    hub = small(students=2)
    hub.start()
    users = [GRADER, INSTRUCTOR, *hub.students]
    uids = [pwd.getpwnam(user).pw_uid for user in users]
    assert all(hub.places.home(user).stat().st_mode & 0o777 == 0o700 for user in users)
    inbound = hub.places.exchange / "ntk" / "inbound"
    assert inbound.stat().st_mode & 0o7777 == 0o3733 and hub.places.exchange.stat().st_uid == 0
    words = [
        "setpriv",
        f"--reuid={uids[-1]}",
        "--clear-groups",
        sys.executable if False else "/usr/bin/python3",
    ]
    process = subprocess.Popen(
        [*words, "-c", "import signal; signal.signal(15, 1);" + LATER], start_new_session=True
    )
    while not processes_of(uids[-1]):
        assert process.poll() is None
    hub.stop()
    hub.stop()  # harmless
    assert process.wait(60) != 0  # it ignored SIGTERM
    assert not any(map(exists, users)) and not any(map(processes_of, uids))
    assert not hub.places.state.exists() and not hub.places.run.exists()
    assert os.stat(hub.places.course_env).st_mode & 0o777 == 0o700


def test_what_a_killed_launcher_left_is_swept_by_the_next(small):
    killed = small()
    killed.start()
    os.close(killed._lock)
    killed._lock = None
    hub = small()
    hub.start()
    assert exists(hub.students[0]) and hub.places.course.is_dir()
    hub.stop()
    assert not exists(hub.students[0]) and not hub.places.state.exists()


def test_a_failure_on_the_way_leaves_nothing(small, monkeypatch):
    monkeypatch.setattr(demonstration, "make_exchange", lambda places: 1 / 0)
    hub = small()
    with pytest.raises(ZeroDivisionError):
        hub.start()
    hub.stop()
    assert not exists(GRADER) and not exists(hub.students[0]) and not hub.places.state.exists()


def test_an_account_that_exists_already_is_left_alone(small, places, tmp_path):
    other = Places(environments=places.environments, state=tmp_path / "other")
    other.homes.mkdir(parents=True)
    make_account(INSTRUCTOR, other)
    try:
        hub = small()
        with pytest.raises(HubError, match="exists already"):
            hub.start()
        hub.stop()
        assert (
            exists(INSTRUCTOR) and other.home(INSTRUCTOR).is_dir() and not hub.places.state.exists()
        )
    finally:
        remove_account(INSTRUCTOR, other)
    assert not exists(INSTRUCTOR)


def test_a_folder_that_is_not_the_hubs_is_left_alone(small):
    hub = small()
    hub.places.state.mkdir()
    with pytest.raises(HubError, match="move it out of the way"):
        hub.start()
    hub.stop()
    assert hub.places.state.is_dir() and not exists(GRADER)


def test_one_hub_at_a_time_and_a_free_port(small):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        busy = small(port=taken.getsockname()[1])
        with pytest.raises(HubError, match="in use"):
            busy.start()
        busy.stop()
    hub = small()
    hub.start()
    with pytest.raises(HubError, match="already"):
        small().start()


def test_the_course_is_the_graders_alone(small):
    hub = small()
    hub.start()
    assert "source" in as_grader(hub.places, ["ls", hub.places.course])
    assert hub.places.course.stat().st_mode & 0o077 == 0
    words = [
        hub.places.course_env / "bin" / "python",
        "-c",
        "import autograder, torch; print(autograder.__file__)",
    ]
    assert str(hub.places.course_env) in as_grader(hub.places, words)
