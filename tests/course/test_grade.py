"""`ntk grade`: a class in parallel, on a cluster, through deaths and interruptions. Real Dask, real sandboxes."""

from __future__ import annotations

import csv
import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from distributed import Client
from nbgrader.api import Gradebook

from autograder.course import Course
from autograder.roll import read_job, terms_of
from tests.light import LIGHT, NOTEBOOK, RIGHT, WRONG, make_light_course, strict_grader, submit

SLOW = "import time\ntime.sleep(4)\n"


def ntk(course: Path, *arguments: str, **options) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "autograder.cli", *arguments, "--course", str(course)]
    return subprocess.run(command, capture_output=True, text=True, timeout=280, cwd="/", **options)


def grade(course: Path, *arguments: str) -> dict:
    ran = ntk(course, "grade", LIGHT, "--json", *arguments)
    assert ran.stdout, ran.stderr
    return json.loads(ran.stdout) | {"code": ran.returncode, "stderr": ran.stderr}


def recorded(course: Path) -> dict[str, float | None]:
    """{student: automatic score} in nbgrader's gradebook; a student who stands there twice would show here."""
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        found = [
            (s.student_id, g.auto_score)
            for s in gradebook.assignment_submissions(LIGHT)
            for n in s.notebooks
            for g in n.grades
        ]
    assert len(found) == len(dict(found))
    return dict(found)


@contextmanager
def cluster(folder: Path, workers: int = 2, nanny: str = "--no-nanny", **environment: str):
    """A scheduler and workers as processes of their own, in folders that hold nothing of the course."""
    folder.mkdir()
    file = folder / "scheduler.json"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "start_new_session": True}
    quiet["env"] = os.environ | {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "2"} | environment
    dask = [sys.executable, "-m", "dask"]
    started = [
        subprocess.Popen(
            [*dask, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file)],
            cwd=folder, **quiet,
        )
    ]  # fmt: skip
    try:
        while not (file.exists() and file.read_text()):
            time.sleep(0.1)
        address = json.loads(file.read_text())["address"]
        for number in range(workers):
            home = folder / f"worker-{number}"
            home.mkdir()
            command = [*dask, "worker", address, "--nthreads", "1", "--no-dashboard", nanny]
            started.append(subprocess.Popen([*command, "--local-directory", str(home)], cwd=home, **quiet))
        yield address, started[1:]
    finally:
        for process in reversed(started):
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            process.wait()


@pytest.fixture
def course(tmp_path):
    return make_light_course(tmp_path / "course", "c.Marking.cell_seconds = 10\nc.Marking.probe_seconds = 10")


def test_a_class_with_hostile_and_broken_members(course):
    for number in range(5):
        submit(course, f"fine-{number}", RIGHT() + f"\n# {number}")
    submit(course, "killer", "import os\nos._exit(1)")
    submit(course, "loop", "while True: pass")
    submit(course, "broken", WRONG).write_bytes(b"{ not json")
    found = grade(course, "--workers", "2")
    assert found["code"] == 0 and found["failed"] == {}
    assert (found["new"], found["stored"]) == (8, 0)
    expected = {f"fine-{n}": 3.0 for n in range(5)} | {"killer": 0.0, "loop": 0.0, "broken": 0.0}
    assert recorded(course) == expected
    assert {s: row["points"]["gradient_descent"] for s, row in found["submissions"].items()} == expected

    again = grade(course)  # nothing changed: nothing is marked, nothing is written
    assert (again["new"], again["stored"], again["unchanged"]) == (0, 8, 8)

    submit(course, "fine-0", WRONG)  # a resubmission: only it is marked
    third = grade(course, "--workers", "1")
    assert (third["new"], third["unchanged"]) == (1, 7)
    assert recorded(course) == expected | {"fine-0": 0.0}

    # stock nbgrader's command on the same course comes to the same marks
    command = [sys.executable, "-m", "nbgrader", "autograde", LIGHT, "--student", "fine-1", "--force"]
    subprocess.run(command, cwd=course, check=True, capture_output=True)
    assert recorded(course) == expected | {"fine-0": 0.0}

    # the report and the exports of this class
    ran = ntk(course, "report", LIGHT)
    assert ran.returncode == 0, ran.stderr
    page = (course / "reports" / f"{LIGHT}.html").read_text()
    assert "killer" in page and "gradient_descent" in page and "http" not in page.replace("http-equiv", "")
    command = [sys.executable, "-m", "nbgrader", "export", "--exporter=autograder.exporters.CsvExporter"]
    subprocess.run([*command, "--to=stock.csv"], cwd=course, check=True, capture_output=True, timeout=120)
    for kind, first in (("csv", "assignment"), ("moodle", "ID number"), ("canvas", "Student")):
        target = course / f"{kind}.csv"
        assert ntk(course, "export", LIGHT, "--format", kind, "--to", str(target)).returncode == 0
        rows = list(csv.reader(target.open()))
        assert rows[0][0] == first
        assert any("fine-1" in row and "3" in row for row in rows)
    assert (course / "stock.csv").read_text() == (course / "csv.csv").read_text()
    ran = ntk(course, "export", LIGHT, "--to", str(course / "no" / "such" / "folder.csv"))
    assert ran.returncode == 2 and "Traceback" not in ran.stderr and "folder.csv" in ran.stderr


def test_a_cluster_by_address_and_a_worker_killed_in_the_middle(course, tmp_path):
    for number in range(6):
        submit(course, f"s{number}", f"{SLOW}{RIGHT()}\n# {number}")
    with cluster(tmp_path / "elsewhere") as (address, workers):
        command = [sys.executable, "-m", "autograder.cli", "grade", LIGHT, "--json", "--scheduler", address]
        run = subprocess.Popen(
            [*command, "--course", str(course)], stdout=subprocess.PIPE, text=True, cwd="/"
        )
        wait_for(lambda: list(course.glob(".ntk/results/*/*.gz")))
        os.killpg(workers[0].pid, signal.SIGKILL)
        out, _ = run.communicate(timeout=200)
        assert run.returncode == 0
        assert json.loads(out)["failed"] == {}
    assert recorded(course) == {f"s{n}": 3.0 for n in range(6)}
    assert not any("autograde" in str(p) for p in (tmp_path / "elsewhere").rglob("*.ipynb"))


def test_a_submission_that_ends_three_workers_is_set_aside(course, tmp_path):
    """Whatever ends them: here the test kills each worker that has it in hand."""
    for number in range(3):
        submit(course, f"fine-{number}", f"{RIGHT()}\n# {number}")
    submit(course, "doom", f"{SLOW}{RIGHT()}")
    found = Course(course)
    exam = found.exam(LIGHT)
    key = "ntk-" + terms_of(found, exam).key(read_job(found, exam, "doom"))
    killed: list[int] = []
    with cluster(tmp_path / "elsewhere", 2, "--nanny") as (address, _), Client(address) as client:
        outcome: list[dict] = []
        run = threading.Thread(target=lambda: outcome.append(grade(course, "--scheduler", address)))
        run.start()
        while run.is_alive():
            for worker in [w for w, keys in client.processing().items() if key in map(str, keys)]:
                try:
                    [pid] = client.run(os.getpid, workers=[worker], on_error="raise").values()
                    os.kill(pid, signal.SIGKILL)
                except (OSError, RuntimeError, ValueError):  # it is gone already
                    continue
                killed.append(pid)
            time.sleep(0.2)
    assert len(set(killed)) == 3, killed
    assert outcome[0]["code"] == 1
    assert list(outcome[0]["failed"]) == ["doom"] and "3 workers" in outcome[0]["failed"]["doom"]
    assert recorded(course) == {f"fine-{n}": 3.0 for n in range(3)}  # and no zero for doom


def test_the_same_marks_whichever_way(course, tmp_path):
    answers = {"right": RIGHT(), "wrong": WRONG, "half": RIGHT().replace("eta * XXt", "0.5 * eta * XXt")}
    for name, answer in answers.items():
        submit(course, name, answer)
    with cluster(tmp_path / "elsewhere") as (address, _):
        assert grade(course, "--scheduler", address)["code"] == 0
    marks = recorded(course)
    assert marks["right"] == 3.0 > marks["half"] > marks["wrong"] == 0.0
    for workers in ("1", "2"):
        assert grade(course, "--workers", workers, "--force")["new"] == 3
        assert recorded(course) == marks
    stock = [sys.executable, "-m", "nbgrader", "autograde", LIGHT, "--force"]
    subprocess.run(stock, cwd=course, check=True, capture_output=True, timeout=280)
    assert recorded(course) == marks


def test_workers_with_another_grader_are_refused_by_name(course, tmp_path):
    submit(course, "s", RIGHT())
    other = strict_grader(tmp_path / "other")["PYTHONPATH"]
    with cluster(tmp_path / "elsewhere", 1, PYTHONPATH=other) as (address, _):
        ran = ntk(course, "grade", LIGHT, "--scheduler", address)
    assert ran.returncode == 2, ran.stdout
    assert "have another version of the grader" in ran.stderr.splitlines()[-1]


def test_the_coordinator_killed_in_the_middle_goes_on_where_it_was(course):
    for number in range(4):
        submit(course, f"s{number}", f"{SLOW}{RIGHT()}\n# {number}")
    command = [
        sys.executable,
        "-m",
        "autograder.cli",
        "grade",
        LIGHT,
        "--workers",
        "1",
        "--course",
        str(course),
    ]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    run = subprocess.Popen(command, cwd="/", start_new_session=True, **quiet)
    wait_for(lambda: list(course.glob(".ntk/results/*/*.gz")))
    os.kill(run.pid, signal.SIGKILL)
    run.wait()
    kept = len(list(course.glob(".ntk/results/*/*.gz")))
    found = grade(course, "--workers", "1")
    assert found["code"] == 0
    assert 1 <= kept <= found["stored"] and found["new"] == 4 - found["stored"]
    assert recorded(course) == {f"s{n}": 3.0 for n in range(4)}


def test_an_interrupt_ends_cleanly_and_leaves_no_process(course):
    submit(course, "s", f"{SLOW}{RIGHT()}")
    submit(course, "t", f"{SLOW}{RIGHT()}#")
    command = [
        sys.executable,
        "-m",
        "autograder.cli",
        "grade",
        LIGHT,
        "--workers",
        "1",
        "--course",
        str(course),
    ]
    run = subprocess.Popen(command, cwd="/", stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    wait_for(lambda: list(course.glob(".ntk/results/*/*.gz")))
    seen = {p.pid for p in psutil.Process(run.pid).children(recursive=True)}
    assert seen  # workers, and a sandbox
    run.send_signal(signal.SIGINT)
    _, err = run.communicate(timeout=60)
    assert run.returncode == 130, err
    assert "Traceback" not in err and "run the command again" in err
    wait_for(lambda: not alive(seen), 10)


def alive(seen: set[int]) -> set[int]:
    """Those of the processes that still run."""
    return {p for p in seen if psutil.pid_exists(p) and psutil.Process(p).status() != psutil.STATUS_ZOMBIE}


def test_a_locked_gradebook_is_waited_for(course):
    submit(course, "s", RIGHT())
    assert grade(course, "--workers", "1")["code"] == 0
    submit(course, "s", WRONG)
    holder = sqlite3.connect(course / "gradebook.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    command = [
        sys.executable,
        "-m",
        "autograder.cli",
        "grade",
        LIGHT,
        "--workers",
        "1",
        "--course",
        str(course),
    ]
    run = subprocess.Popen(command, cwd="/", stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    time.sleep(20)
    assert run.poll() is None
    holder.rollback()
    holder.close()
    out, err = run.communicate(timeout=120)
    assert run.returncode == 0, err
    assert "locked by another process" in err
    assert recorded(course) == {"s": 0.0}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("grade", "no-such"), "No masters"),
        (("grade", LIGHT), "nobody has handed in"),
        (("grade", LIGHT, "--student", "ghost"), "no submission of ghost"),
        (("grade", LIGHT, "--workers", "0"), "not a positive number"),
        (("report", LIGHT), "nobody has handed in"),
        (("export", "no-such"), "No masters"),
    ],
)
def test_bad_input_is_a_clear_line(course, arguments, words):
    if "ghost" in arguments:
        submit(course, "s", RIGHT())
    ran = ntk(course, *arguments)
    assert ran.returncode == 2
    assert words in ran.stderr.splitlines()[-1]
    assert "Traceback" not in ran.stderr


def test_a_master_with_other_points_has_to_be_released_first(course):
    submit(course, "s", RIGHT())
    assert grade(course, "--workers", "1")["code"] == 0
    master = course / "source" / LIGHT / f"{NOTEBOOK}.ipynb"
    master.write_text(master.read_text().replace('"points": 3', '"points": 4'))
    ran = ntk(course, "grade", LIGHT)
    assert ran.returncode == 2 and "run `ntk release light` first" in ran.stderr.splitlines()[-1]
    assert recorded(course) == {"s": 3.0}


def test_an_unreachable_scheduler_is_a_clear_line(course):
    submit(course, "s", RIGHT())
    ran = ntk(course, "grade", LIGHT, "--scheduler", "tcp://127.0.0.1:9")
    assert ran.returncode == 2
    assert "no scheduler answers" in ran.stderr.splitlines()[-1]


def test_a_folder_without_a_notebook_and_late_submissions(course):
    config = course / "nbgrader_config.py"
    config.write_text(
        config.read_text()
        + "\nc.AssignLatePenalties.plugin_class = 'nbgrader.plugins.LateSubmissionPlugin'\n"
    )
    submit(course, "late", RIGHT())
    (course / "submitted" / "late" / LIGHT / "timestamp.txt").write_text("2030-01-01 12:00:00 UTC")
    empty = course / "submitted" / "empty" / LIGHT
    empty.mkdir(parents=True)
    (empty / "notes.txt").write_text("I could not open it")
    found = grade(course, "--workers", "1")
    assert found["code"] == 0, found
    assert recorded(course) == {"late": 3.0, "empty": 0.0}
    assert NOTEBOOK in json.dumps(found) or found["submissions"]["empty"]["total"] == 0


def wait_for(condition, seconds: float = 90):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)
