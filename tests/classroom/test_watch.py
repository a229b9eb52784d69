"""`ntk watch` on a light course: what it does, what it survives, whom it meets. Real sandboxes,
real kills."""

from __future__ import annotations

import errno
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from autograder.classroom.draws import Draws
from autograder.classroom.in_order import How
from autograder.classroom.watch import Watcher
from autograder.gradebook.record import Recorder
from autograder.marking.store import Store
from autograder.reports.student_page import pages
from demo.light import LIGHT, NOTEBOOK, RIGHT, WRONG, make_light_course, submit
from tests.helpers import classes
from tests.helpers.classes import (
    NTK,
    cluster,
    grade_here,
    ntk,
    ntk_here,
    recorded,
    strict_grader,
)

CARELESS = RIGHT().replace("return ws", "w0 *= 0\n    return ws")  # 2.75 of 3


@pytest.fixture
def course(tmp_path):
    return make_light_course(
        tmp_path / "course", "c.Marking.cell_seconds = 10\nc.Marking.probe_seconds = 10"
    )


def wait_for(condition) -> None:
    """Long enough for a machine that others use, too."""
    classes.wait_for(condition, 400)


def says(course: Path, student: str, text: str) -> bool:
    """Whether the student's page is there and says so."""
    try:
        return text in page(course, student)
    except FileNotFoundError:
        return False


def once(course: Path, workers: Sequence[str]) -> subprocess.CompletedProcess:
    return ntk_here(course, "watch", "--once", *workers)


def page(course: Path, student: str) -> str:
    return (course / "verdicts" / student / LIGHT / f"{NOTEBOOK}.html").read_text()


def status(course: Path) -> dict:
    return json.loads(ntk_here(course, "watch", "--status", "--json").stdout)


@contextmanager
def watching(course: Path, *arguments: str):
    """A watcher, running; ended as a service is."""
    words = [*NTK, "watch", LIGHT, "--every", "0.5", *arguments, "--course", str(course)]
    log = open(course / "watch.log", "a")  # noqa: SIM115  (it lives as long as the process)
    process = subprocess.Popen(words, cwd="/", stdout=log, stderr=log)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(60)
        log.close()


def age(course: Path, student: str) -> None:
    """As if nobody were writing to the hand-in any more (the time is the inode's: it must pass)."""
    time.sleep(3.2)


def watcher_of(course: Path, workers: Sequence[str], said: list[str] | None = None) -> Watcher:
    say: Callable[[str], None] = (said if said is not None else []).append
    return Watcher(course, [LIGHT], pages, How(scheduler=workers[-1]), every=0.5, say=say)


def test_once_marks_what_is_there_records_it_and_makes_pages(course, workers):
    submit(course, "right", RIGHT())
    submit(course, "careless", CARELESS)
    submit(course, "wrong", WRONG)
    ran = ntk(course, "watch", "--once", "--workers", "1")
    assert ran.returncode == 0, ran.stderr
    assert recorded(course) == {"right": 3.0, "careless": 2.75, "wrong": 0.0}
    assert "3 of 3 points" in page(course, "right")
    assert "2.75 of 3 points" in page(course, "careless")
    assert "What to look at next" in page(course, "wrong")
    found = status(course)
    assert (found["watching"], found["done"], found["waiting"], found["running"]) == (
        False,
        3,
        0,
        0,
    )
    assert found["mean_wait"] > 0 and found["last_error"] is None
    results = list(course.glob(".ntk/results/*/*.gz"))

    assert grade_here(course)["unchanged"] == 3, "`ntk grade` finds it done"
    assert once(course, workers).returncode == 0 and status(course)["done"] == 3, (
        "nothing is done twice"
    )

    submit(course, "wrong", RIGHT())  # handed in anew
    assert once(course, workers).returncode == 0
    assert recorded(course)["wrong"] == 3.0
    assert "+3: gradient_descent" in page(course, "wrong")
    assert len(list(course.glob(".ntk/results/*/*.gz"))) == len(results), "the same answer: stored"


def test_a_watcher_goes_on_says_how_it_is_and_is_the_only_one(course):
    with watching(course, "--workers", "1") as process:
        submit(course, "ada", WRONG)
        wait_for(lambda: says(course, "ada", "0 of 3 points"))
        assert recorded(course) == {"ada": 0.0}
        second = ntk_here(course, "watch", "--once")
        assert second.returncode == 1 and len(second.stderr.splitlines()) == 1
        assert f"(process {process.pid}) watches this course" in second.stderr
        submit(course, "ada", RIGHT())
        wait_for(lambda: says(course, "ada", "+3: gradient_descent"))
        assert recorded(course) == {"ada": 3.0}
        found = ntk_here(course, "watch", "--status")
        assert found.returncode == 0 and f"Watching {LIGHT}" in found.stdout, found.stdout
    assert process.returncode == 130
    assert status(course)["watching"] is False
    assert "Traceback" not in (course / "watch.log").read_text()


def test_only_the_newest_of_each_is_marked_the_oldest_first(course, workers):
    """Three wait; one of them hands in anew meanwhile, and keeps her place."""
    said: list[str] = []
    watcher = watcher_of(course, workers, said)
    for number, student in enumerate(("cy", "ada", "bob")):
        submit(course, student, f"{WRONG}\n# {number}")
        time.sleep(0.05)
    age(course, "bob")
    watcher._look(force=True)
    submit(course, "cy", RIGHT())
    age(course, "cy")
    watcher._look(force=True)
    assert [watcher.desks[LIGHT].waiting.oldest().student] == ["cy"]
    assert watcher.run(once=True) == 0
    assert [line.split(": ")[1] for line in said] == ["cy", "ada", "bob"]
    assert recorded(course) == {"cy": 3.0, "ada": 0.0, "bob": 0.0}
    assert len(list(course.glob(".ntk/results/*/*.gz"))) == 3


def test_killed_at_any_step_it_goes_on_where_it_was(course, tmp_path):
    """SIGKILL right before and right after each thing that is written."""
    submit(course, "ada", RIGHT())
    steps = tmp_path / "steps.py"
    steps.write_text(KILLED)
    age(course, "ada")
    words = [sys.executable, str(steps), str(course)]
    ran = subprocess.run(words, capture_output=True, text=True, timeout=400, check=True)
    *killed, last = map(int, ran.stdout.split())
    assert last == 0 and set(killed) == {-signal.SIGKILL}, ran
    assert 6 <= len(killed) < 12, ran
    assert recorded(course) == {"ada": 3.0}
    assert "This is your first feedback" in page(course, "ada")
    shown = Draws(course, LIGHT).get("ada")
    assert shown is not None and shown.released and sum(shown.days.values()) == 1
    assert len(list(course.glob(".ntk/results/*/*.gz"))) == 1


KILLED = """
import os, signal, sys
from pathlib import Path
from autograder.classroom import draws, serve, watch_status
from autograder.classroom.in_order import How
from autograder.classroom.watch import Watcher
from autograder.gradebook import notes, record
from autograder.marking import store
from autograder.reports.student_page import pages

course, number = Path(sys.argv[1]), 0
count = 0

def deadly(kind, name):
    whole = getattr(kind, name)
    def step(*arguments, **options):
        global count
        count += 1
        if count > number:
            os.kill(os.getpid(), signal.SIGKILL)
        found = whole(*arguments, **options)
        count += 1
        if count > number:
            os.kill(os.getpid(), signal.SIGKILL)
        return found
    setattr(kind, name, step)

def watch():
    deadly(store.Store, "put")
    deadly(record.Recorder, "_write")
    deadly(notes.Notes, "put")
    deadly(draws.Draws, "put")
    deadly(serve.Server, "_put")
    Watcher(course, ["light"], pages, How(workers=1), say=lambda text: None).run(once=True)

if __name__ == "__main__":
    for number in range(12):  # one process a step, with everything imported
        if (child := os.fork()) == 0:
            sys.exit(watch())
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        print(code, flush=True)
        if code != -signal.SIGKILL:
            break
"""


def test_beyond_the_days_number_it_is_marked_and_shown_the_next_day(course, workers, monkeypatch):
    config = course / "nbgrader_config.py"
    config.write_text(config.read_text() + "c.Watch.per_day = 1\n")
    submit(course, "ada", WRONG)
    assert once(course, workers).returncode == 0
    assert "Feedback left today</h2>\n<p>0 of 1." in page(course, "ada")
    submit(course, "ada", RIGHT())
    assert once(course, workers).returncode == 0
    assert recorded(course) == {"ada": 3.0}, "it is marked"
    assert "feedback follows on" in page(course, "ada") and "of 3" not in page(course, "ada")
    found = status(course)
    assert (found["held"], found["done"]) == (1, 1)
    assert once(course, workers).returncode == 0 and "feedback follows on" in page(course, "ada")
    for module in ("serve", "watch"):
        monkeypatch.setattr(f"autograder.classroom.{module}.time", lambda: time.time() + 86400)
    assert watcher_of(course, workers).run(once=True) == 0
    assert "+3: gradient_descent" in page(course, "ada")
    assert (status(course)["held"], status(course)["done"]) == (0, 2)


def test_marks_that_ntk_grade_has_mended_reach_the_page(course, workers, tmp_path):
    """The watcher does not mark again what stands in the gradebook; the page follows what does."""
    submit(course, "ada", RIGHT())
    assert once(course, workers).returncode == 0 and "3 of 3 points" in page(course, "ada")
    strict = strict_grader(tmp_path / "strict")
    assert ntk(course, "grade", LIGHT, "--workers", "1", env=strict).returncode == 0
    assert recorded(course) == {"ada": 2.75}
    assert once(course, workers).returncode == 0
    assert recorded(course) == {"ada": 2.75} and "2.75 of 3 points" in page(course, "ada")
    assert "−0.25: gradient_descent" in page(course, "ada")


def test_a_full_disk_is_told_and_tried_again(course, workers, monkeypatch):
    submit(course, "ada", RIGHT())
    age(course, "ada")
    full = {Store: ["put"], Draws: ["put"], Recorder: ["record"]}
    left = dict.fromkeys(full, 1)
    for kind, names in full.items():
        for name in names:
            monkeypatch.setattr(kind, name, failing(kind, getattr(kind, name), left))
    monkeypatch.setattr("autograder.classroom.watch.AGAIN_SECONDS", 0.0)
    monkeypatch.setattr("autograder.classroom.waiting.FIRST_PAUSE", 0.0)
    said: list[str] = []
    for _ in range(4):
        watcher_of(course, workers, said).run(once=True)
    assert sum("No space left" in line for line in said) == 3, said
    assert recorded(course) == {"ada": 3.0} and "3 of 3 points" in page(course, "ada")
    assert "No space left" in status(course)["last_error"]["what"]


def failing(kind, whole, left):
    def work(*arguments, **options):
        if left[kind]:
            left[kind] -= 1
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return whole(*arguments, **options)

    return work


def test_a_locked_gradebook_does_not_stop_it(course, workers, monkeypatch):
    submit(course, "ada", WRONG)
    assert once(course, workers).returncode == 0
    submit(course, "ada", RIGHT())
    age(course, "ada")
    monkeypatch.setattr("autograder.classroom.serve.PATIENCE", 1.0)
    holder = sqlite3.connect(course / "gradebook.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    said: list[str] = []
    assert watcher_of(course, workers, said).run(once=True) == 1
    assert "database is locked" in said[-1]
    holder.rollback()
    holder.close()
    assert watcher_of(course, workers, said).run(once=True) == 0
    assert recorded(course) == {"ada": 3.0} and "+3: gradient_descent" in page(course, "ada")


def test_a_cluster_that_vanishes_is_waited_for(course, workers, tmp_path, monkeypatch):
    for number in range(2):
        submit(course, f"s{number}", f"import time\ntime.sleep(3)\n{RIGHT()}\n# {number}")
    with (
        cluster(tmp_path / "one", 1) as (address, _),
        watching(course, "--scheduler", address) as process,
    ):
        wait_for(lambda: status(course)["running"] >= 1)
        for pid in listeners(int(address.rpartition(":")[2])):
            os.kill(pid, signal.SIGKILL)
        wait_for(lambda: (found := status(course)["last_error"]) and "scheduler" in found["what"])
        assert process.poll() is None
    assert once(course, workers).returncode == 0
    assert recorded(course) == {"s0": 3.0, "s1": 3.0}


def listeners(port: int) -> set[int]:
    import psutil

    return {
        c.pid
        for c in psutil.net_connections("tcp")
        if c.laddr.port == port and c.status == psutil.CONN_LISTEN and c.pid
    }
