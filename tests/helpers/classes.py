"""What the tests of `ntk grade` share: commands on a light course, a cluster, what the gradebook
holds."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout, suppress
from pathlib import Path

import psutil
from nbgrader.api import Gradebook

from demo.light import LIGHT
from tests.conftest import ROOT

NTK = [sys.executable, "-m", "autograder.cli"]
DASK = [sys.executable, "-m", "dask"]
SLOW = "import time\ntime.sleep(4)\n"


def ntk(course: Path, *arguments: str, **options) -> subprocess.CompletedProcess:
    command = [*NTK, *arguments, "--course", str(course)]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=280, cwd="/", **options, check=False
    )


def ntk_here(course: Path, *arguments: str) -> subprocess.CompletedProcess:
    """The same in this process, where the process is not the point: another one takes seconds to
    start."""
    from autograder.cli import main

    out, err = io.StringIO(), io.StringIO()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    with redirect_stdout(out), redirect_stderr(err), chdir("/"):
        try:
            code = main([*arguments, "--course", str(course)])
        except SystemExit as ended:  # argparse
            code = ended.code
    for number, handler in before.items():
        if signal.getsignal(number) is not handler:  # `ntk watch` sets its own
            signal.signal(number, handler)
    return subprocess.CompletedProcess(arguments, code, out.getvalue(), err.getvalue())


def start(course: Path, *arguments: str, **options) -> subprocess.Popen:
    """`ntk grade` on the light course, running."""
    command = [*NTK, "grade", LIGHT, *arguments, "--course", str(course)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, cwd="/", **(pipes | options))


def grade(course: Path, *arguments: str) -> dict:
    return _found(ntk(course, "grade", LIGHT, "--json", *arguments))


def grade_here(course: Path, *arguments: str) -> dict:
    """The same in this process."""
    return _found(ntk_here(course, "grade", LIGHT, "--json", *arguments))


def _found(ran: subprocess.CompletedProcess) -> dict:
    assert ran.stdout, ran.stderr
    return json.loads(ran.stdout) | {"code": ran.returncode, "stderr": ran.stderr}


def recorded(course: Path) -> dict[str, float | None]:
    """{student: automatic score} in nbgrader's gradebook; a student who stands there twice would
    show here."""
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
    """A scheduler and workers as processes of their own, in folders that hold nothing of the
    course."""
    folder.mkdir()
    file = folder / "scheduler.json"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "start_new_session": True}
    quiet["env"] = os.environ | {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "2"} | environment
    started = [
        subprocess.Popen(
            [
                *DASK,
                "scheduler",
                "--host",
                "127.0.0.1",
                "--port",
                "0",
                "--no-dashboard",
                "--scheduler-file",
                str(file),
            ],
            cwd=folder,
            **quiet,
        )
    ]
    try:
        while not (file.exists() and file.read_text()):
            time.sleep(0.1)
        address = json.loads(file.read_text())["address"]
        for number in range(workers):
            home = folder / f"worker-{number}"
            home.mkdir()
            command = [*DASK, "worker", address, "--nthreads", "1", "--no-dashboard", nanny]
            started.append(
                subprocess.Popen([*command, "--local-directory", str(home)], cwd=home, **quiet)
            )
        yield address, started[1:]
    finally:
        for process in reversed(started):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def alive(seen: set[int]) -> set[int]:
    """Those of the processes that still run."""
    return {
        p
        for p in seen
        if psutil.pid_exists(p) and psutil.Process(p).status() != psutil.STATUS_ZOMBIE
    }


def wait_for(condition, seconds: float = 90):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def strict_grader(folder: Path) -> dict[str, str]:
    """An environment in which the check of gradient_descent is mistaken: "start" never holds."""
    shutil.copytree(ROOT / "autograder", folder / "autograder")
    check = folder / "autograder" / "lab" / "gradient_descent" / "check.py"
    text = check.read_text()
    head = "def start(ask: Ask) -> None:\n"
    assert head in text
    check.write_text(text.replace(head, head + '    require(False, "Row 0 displeases.")\n'))
    return os.environ | {"PYTHONPATH": str(folder)}
