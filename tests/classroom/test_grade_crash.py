"""`ntk grade` on a cluster, through deaths, interruptions and a locked gradebook. Real Dask, real
sandboxes."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time

import psutil
import pytest
from distributed import Client

from autograder.classroom.cluster import Arrival, connect, mark_class
from autograder.classroom.roll import Roll
from autograder.course import Course
from autograder.marking.store import key_of
from demo.light import LIGHT, RIGHT, WRONG, make_light_course, submit
from tests.helpers.classes import (
    SLOW,
    alive,
    cluster,
    grade,
    grade_here,
    ntk_here,
    recorded,
    start,
    strict_grader,
    wait_for,
)


@pytest.fixture
def course(tmp_path):
    return make_light_course(
        tmp_path / "course", "c.Marking.cell_seconds = 10\nc.Marking.probe_seconds = 10"
    )


def test_a_cluster_by_address_and_a_worker_killed_in_the_middle(course, tmp_path):
    for number in range(4):
        submit(course, f"s{number}", f"{SLOW}{RIGHT()}\n# {number}")
    with cluster(tmp_path / "elsewhere") as (address, workers):
        run = start(course, "--json", "--scheduler", address)
        wait_for(lambda: list(course.glob(".ntk/results/*/*.gz")))
        os.killpg(workers[0].pid, signal.SIGKILL)
        out, err = run.communicate(timeout=200)
        assert run.returncode == 0, out + err
        assert json.loads(out)["failed"] == {}
    assert recorded(course) == {f"s{n}": 3.0 for n in range(4)}
    assert not any("autograde" in str(p) for p in (tmp_path / "elsewhere").rglob("*.ipynb"))


def test_a_result_that_is_lost_with_its_worker_before_it_was_fetched_is_made_again(
    course, tmp_path
):
    """The coordinator hears that two submissions are finished; while it records the first, the
    worker that holds the second result dies."""
    for number in range(2):
        submit(course, f"s{number}", f"{RIGHT()}\n# {number}")
    roll = Roll(Course(course), LIGHT)
    keys = {"ntk-" + key_of(roll.parts(roll.job(name))) for name in roll.names}
    arrived: list[Arrival] = []
    with cluster(tmp_path / "elsewhere", 2) as (address, _), Client(address) as client:
        wait_for(lambda: len(client.nthreads()) == 2)

        def done(arrival: Arrival) -> None:
            arrived.append(arrival)
            if len(arrived) == 1:
                other = keys - {f"ntk-{arrival.key}"}
                wait_for(lambda: any(other & set(map(str, had)) for had in held().values()))
                [at] = [w for w, had in held().items() if other & set(map(str, had))]
                for pid in listening(int(at.rpartition(":")[2])):
                    os.kill(pid, signal.SIGKILL)
                wait_for(lambda: len(client.scheduler_info()["workers"]) == 1)

        def held() -> dict:
            return client.has_what()

        mark_class(roll, lambda: connect(roll, scheduler=address), done)
    assert [arrival.failure for arrival in arrived] == [None, None]
    assert {arrival.student for arrival in arrived} == {"s0", "s1"}


def test_a_submission_that_ends_three_workers_is_set_aside(course, tmp_path):
    """Whatever ends them: here the test kills each worker that has it in hand. Its neighbours there
    are not to blame."""
    for number in range(3):
        submit(course, f"fine-{number}", f"{RIGHT()}\n# {number}")
    submit(course, "doom", f"{SLOW}{RIGHT()}")
    roll = Roll(Course(course), LIGHT)
    key = "ntk-" + key_of(roll.parts(roll.job("doom")))
    killed: list[int] = []
    with cluster(tmp_path / "elsewhere", 2, "--nanny") as (address, _), Client(address) as client:
        outcome: list[dict] = []
        run = threading.Thread(target=lambda: outcome.append(grade(course, "--scheduler", address)))
        run.start()
        while run.is_alive():
            for worker in [w for w, keys in client.processing().items() if key in map(str, keys)]:
                for pid in listening(int(worker.rpartition(":")[2])):
                    os.kill(pid, signal.SIGKILL)
                    killed.append(pid)
            time.sleep(0.2)
    assert len(set(killed)) >= 3, (killed, outcome)
    assert outcome[0]["code"] == 1
    assert list(outcome[0]["failed"]) == ["doom"] and "3 workers" in outcome[0]["failed"]["doom"]
    assert recorded(course) == {f"fine-{n}": 3.0 for n in range(3)}  # and no zero for doom


def listening(port: int) -> set[int]:
    """Who listens on the port. (Asking a worker that is just dying for its process number may take
    half a minute.)"""
    return {
        c.pid
        for c in psutil.net_connections("tcp")
        if c.laddr.port == port and c.status == psutil.CONN_LISTEN and c.pid
    }


def test_the_same_marks_whichever_way(course, workers):
    careless = RIGHT().replace("return ws", "w0 *= 0\n    return ws")
    answers = {"right": RIGHT(), "wrong": WRONG, "careless": careless}
    for name, answer in answers.items():
        submit(course, name, answer)
    assert grade_here(course, *workers)["code"] == 0
    marks = recorded(course)
    assert marks == {"right": 3.0, "careless": 2.75, "wrong": 0.0}
    for number in ("1", "2"):
        assert grade_here(course, "--workers", number, "--force")["new"] == 3
        assert recorded(course) == marks
    stock = [sys.executable, "-m", "nbgrader", "autograde", LIGHT, "--force"]
    subprocess.run(stock, cwd=course, check=True, capture_output=True, timeout=280)
    assert recorded(course) == marks


def test_workers_with_another_grader_are_refused_by_name(course, tmp_path):
    submit(course, "s", RIGHT())
    other = strict_grader(tmp_path / "other")["PYTHONPATH"]
    with cluster(tmp_path / "elsewhere", 1, PYTHONPATH=other) as (address, _):
        with Client(address) as client:  # one that comes later is refused when it is given work
            wait_for(client.nthreads)
        ran = ntk_here(course, "grade", LIGHT, "--scheduler", address)
    assert ran.returncode == 2, ran.stdout
    said = ran.stderr.splitlines()[-1]
    assert (
        "have another version of the grader" in said
        and ": autograder.lab " in said
        and "numpy" not in said
    )


def test_the_coordinator_killed_in_the_middle_goes_on_where_it_was(course):
    for number in range(4):
        submit(course, f"s{number}", f"{SLOW}{RIGHT()}\n# {number}")
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    run = start(course, "--workers", "1", start_new_session=True, **quiet)
    wait_for(lambda: list(course.glob(".ntk/results/*/*.gz")))
    os.kill(run.pid, signal.SIGKILL)
    run.wait()
    kept = len(list(course.glob(".ntk/results/*/*.gz")))
    found = grade_here(course, "--workers", "1")
    assert found["code"] == 0
    assert 1 <= kept <= found["stored"] and found["new"] == 4 - found["stored"]
    assert recorded(course) == {f"s{n}": 3.0 for n in range(4)}


def test_an_interrupt_ends_cleanly_and_leaves_no_process(course):
    submit(course, "s", f"{SLOW}{RIGHT()}")
    submit(course, "t", f"{SLOW}{RIGHT()}#")
    run = start(course, "--workers", "1")
    wait_for(lambda: list(course.glob(".ntk/results/*/*.gz")))
    seen = {p.pid for p in psutil.Process(run.pid).children(recursive=True)}
    assert seen  # workers, and a sandbox
    run.send_signal(signal.SIGINT)
    _, err = run.communicate(timeout=60)
    assert run.returncode == 130, err
    assert "Traceback" not in err and "run the command again" in err
    wait_for(lambda: not alive(seen), 10)


def test_a_locked_gradebook_is_waited_for(course):
    submit(course, "s", RIGHT())
    assert grade_here(course, "--workers", "1")["code"] == 0
    submit(course, "s", WRONG)
    holder = sqlite3.connect(course / "gradebook.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    run = start(course, "--workers", "1")
    said = next((line for line in run.stderr if "locked by another process" in line), "")
    assert said, "it ended, or waits in silence"
    time.sleep(3)  # it tries again, more than once
    assert run.poll() is None
    holder.rollback()
    holder.close()
    _out, err = run.communicate(timeout=120)
    assert run.returncode == 0, err
    assert recorded(course) == {"s": 0.0}


def test_an_unreachable_scheduler_is_a_clear_line(course):
    submit(course, "s", RIGHT())
    ran = ntk_here(course, "grade", LIGHT, "--scheduler", "tcp://127.0.0.1:9")
    assert ran.returncode == 2
    assert "no scheduler answers" in ran.stderr.splitlines()[-1]
