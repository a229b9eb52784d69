"""Random SIGKILLs of the watcher, of workers and of the scheduler while a class hands in: `python
-m bench chaos`, or, with other numbers, `python -m bench.chaos SUBMISSIONS KILLS`.

Then the gradebook, nbgrader's feedback and the watcher's pages must be those of a course in which
one undisturbed `ntk grade` has marked the same class. Submissions come while others are marked;
what was killed is started again at once, as a service would.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil

from demo.light import LIGHT, NOTEBOOK, RIGHT, WRONG, make_light_course, submit

NTK = [sys.executable, "-m", "autograder.cli"]
DASK = [sys.executable, "-m", "dask"]
CONFIG = "c.Marking.cell_seconds = 60\nc.Marking.probe_seconds = 60\n"
PATIENCE = 3600.0  # s, until what was interrupted is done
# of a page: when it was made
PASSING = re.compile(r"Handed in .*?this page was made [^.]*\.")


def answers(number: int) -> str:
    kinds = (RIGHT(), RIGHT().replace("return ws", "w0 *= 0\n    return ws"), WRONG, "1 / 0")
    return f"{kinds[number % len(kinds)]}\n# {number}"


def chaos(
    folder: Path,
    submissions: int,
    kills: int,
    *,
    scheduler: bool,
    pause: tuple[float, float] = (0.0, 4.0),
    seed: int = 0,
    say: Callable[[str], None] = lambda text: None,
) -> dict[str, int]:
    """Run it and compare; returns how often each kind of process was killed. Raises AssertionError
    where the outcomes differ."""
    chance = random.Random(seed)
    calm = undisturbed(folder / "calm", submissions)
    wild = make_light_course(folder / "wild", CONFIG)
    (wild / ".ntk").mkdir(mode=0o700)
    shutil.copy(calm / ".ntk" / "secret", wild / ".ntk" / "secret")  # the same hidden inputs
    killed: dict[str, int] = {}
    with Supervisor(wild, scheduler) as running:
        handed_in = 0
        for number in range(kills):
            due = submissions * (number + 1) // kills
            for student in range(handed_in, due):
                submit(wild, f"s{student:03}", answers(student))
            handed_in = due
            # two times in three something has come of the last start: else all would end in it
            if chance.random() < 2 / 3:
                before, patience = progress(wild), time.monotonic() + 120
                while len(done(wild)) < handed_in and progress(wild) == before:
                    if time.monotonic() > patience:
                        break
                    running.tend()
                    time.sleep(0.1)
            deadline = time.monotonic() + chance.uniform(*pause)
            while time.monotonic() < deadline:
                running.tend()
                time.sleep(0.1)
            kind = running.kill(chance)
            killed[kind] = killed.get(kind, 0) + 1
            say(f"kill {number + 1} of {kills}: {kind}; {len(done(wild))} of {submissions} done")
        deadline = time.monotonic() + PATIENCE
        while len(done(wild)) < submissions:
            assert time.monotonic() < deadline, f"{len(done(wild))} of {submissions} done"
            running.tend()
            time.sleep(0.3)
    compare(calm, wild)
    return killed


def undisturbed(folder: Path, submissions: int) -> Path:
    course = make_light_course(folder, CONFIG)
    for number in range(submissions):
        submit(course, f"s{number:03}", answers(number))
    _run([*NTK, "grade", LIGHT, "--workers", "2", "--course", str(course)])
    _run([*NTK, "watch", LIGHT, "--once", "--course", str(course)])  # everything is in the store
    return course


def done(course: Path) -> list[str]:
    from autograder.classroom.draws import Draws

    return [student for student, shown in Draws(course, LIGHT).all() if shown.released]


def progress(course: Path) -> int:
    """How much stands on the disk: results, notes, draws."""
    return sum(1 for path in (course / ".ntk").rglob("*") if path.is_file())


def compare(calm: Path, wild: Path) -> None:
    ours, theirs = (marks(course) for course in (wild, calm))
    assert ours == theirs, {k: (ours.get(k), v) for k, v in theirs.items() if ours.get(k) != v}
    for course in (calm, wild):
        words = [sys.executable, "-m", "nbgrader", "generate_feedback", LIGHT, "--force"]
        _run(words, cwd=course)
    for folder in ("verdicts", "feedback"):
        for page in sorted((calm / folder).glob(f"*/{LIGHT}/{NOTEBOOK}.html")):
            other = wild / page.relative_to(calm)
            texts = [PASSING.sub("", path.read_text()) for path in (page, other)]
            assert texts[0] == texts[1], other
    draws = {student: sum(shown.days.values()) for student, shown in _shown(wild)}
    assert set(draws.values()) == {1}, draws
    results = [p for p in wild.glob(".ntk/results/*/*") if p.suffix == ".gz"]
    assert len(results) == len(draws), "something was stored twice"


def _shown(course: Path) -> list:
    from autograder.classroom.draws import Draws

    return list(Draws(course, LIGHT).all())


def marks(course: Path) -> dict[str, tuple]:
    from autograder.course import Course
    from autograder.gradebook import open as gradebooks

    with gradebooks.opened(Course(course)) as gradebook:
        found = gradebooks.marks(gradebook, LIGHT)
    rows = {f"{m.student} {m.cell}": (m.auto, m.manual, m.waits) for m in found}
    assert len(rows) == len(found), "a mark stands there twice"
    return rows


def _run(words: list[str], cwd: Path | None = None) -> None:
    ran = subprocess.run(words, capture_output=True, text=True, check=False, cwd=cwd)
    assert ran.returncode == 0, ran.stderr[-3000:]


class Supervisor:
    """Starts the watcher (and with `scheduler` a cluster of its own), and what was killed again."""

    def __init__(self, course: Path, scheduler: bool):
        self.course, self.scheduler = course, scheduler
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
        self.processes: dict[str, subprocess.Popen] = {}
        self.log = open(course / "watch.log", "a")  # noqa: SIM115

    def __enter__(self) -> Supervisor:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.processes.values():
            _kill(process)
        self.log.close()

    def tend(self) -> None:
        """Start what does not run."""
        words = [*NTK, "watch", LIGHT, "--every", "0.5", "--course", str(self.course)]
        wanted = {"watcher": [*words, *(self._cluster() if self.scheduler else ["--workers", "2"])]}
        if self.scheduler:
            port = self.address.rpartition(":")[2]
            quiet = ["--no-dashboard"]
            wanted["scheduler"] = [
                *DASK,
                "scheduler",
                "--host",
                "127.0.0.1",
                "--port",
                port,
                *quiet,
            ]
            for number in (1, 2):
                worker = [*DASK, "worker", self.address, "--nthreads", "1", "--no-nanny", *quiet]
                wanted[f"worker {number}"] = worker
        for name, command in wanted.items():
            if name not in self.processes or self.processes[name].poll() is not None:
                out = self.log if name == "watcher" else subprocess.DEVNULL
                self.processes[name] = subprocess.Popen(
                    command, cwd=self.course, stdout=out, stderr=out, start_new_session=True
                )

    def _cluster(self) -> list[str]:
        return ["--scheduler", self.address]

    def kill(self, chance: random.Random) -> str:
        """Kill one process; returns what it was. A worker of the watcher's own cluster is found
        among its children."""
        names = list(self.processes)
        if not self.scheduler:
            names += ["worker 1", "worker 2"]
        name = chance.choice(sorted(set(names)))
        if name in self.processes:
            _kill(self.processes[name])
        else:
            children = _workers(self.processes["watcher"].pid)
            if not children:
                _kill(self.processes["watcher"])
                return "watcher"
            with suppress(psutil.NoSuchProcess):
                chance.choice(children).kill()
        return name.split()[0]


def _workers(pid: int) -> list[psutil.Process]:
    try:
        children = psutil.Process(pid).children()
        return [child for child in children if "spawn_main" in " ".join(child.cmdline())]
    except psutil.Error:
        return []


def _kill(process: subprocess.Popen) -> None:
    if process.poll() is None:
        with suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
        process.wait()


def main(submissions: str = "100", kills: str = "50") -> None:
    for scheduler in (False, True):
        with tempfile.TemporaryDirectory() as scratch:
            began = time.monotonic()
            killed = chaos(
                Path(scratch),
                int(submissions),
                int(kills),
                scheduler=scheduler,
                say=lambda text: print(text, flush=True),
            )
            where = "a cluster of its own" if scheduler else "the watcher's own workers"
            print(
                f"{submissions} submissions, {kills} kills ({killed}), {where}: gradebook, "
                "feedback and pages as if nothing had happened, in "
                f"{time.monotonic() - began:.0f} s",
                flush=True,
            )


if __name__ == "__main__":
    main(*sys.argv[1:])
