"""What `ntk grade` adds to the marking itself, and how it scales: `python -m bench classroom`, or
one part: `python -m bench.classroom coordinator`, `… workers`.

coordinator: classes of 100 and of 1000 light submissions. Marking a thousand of them would take
half an hour, so the workers mark one submission each and then send that result again: everything
that the coordinator does (reading, hashing, scheduling, storing, recording) is real. A small class
that is marked to the end shows that this changes nothing.
workers: twelve perfect submissions with one worker, with two, and by stock `nbgrader autograde`,
against bare training processes, which show what the machine's second core is worth.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autograder.assignment.exam import Exam
    from autograder.marking.terms import Terms

WORKERS = 2
SMALL, LARGE, TRUE = 100, 1000, 24
# targets: s, MB, s, ratio, share of the bare ratio
COST, MEMORY, AGAIN, FLAT, SHARE = (
    0.15,
    200,
    10,
    1.25,
    0.9,
)
PERFECT = 12
TRAINING = """
import torch
torch.set_num_threads(1)
torch.manual_seed(0)
x, y = torch.randn(200, 784), torch.rand(200, 1)
net = torch.nn.Sequential(torch.nn.Linear(784, 1000), torch.nn.ReLU(), torch.nn.Linear(1000, 1))
optimizer = torch.optim.SGD(net.parameters(), lr=1e-3)
for _ in range(400):
    for i in range(0, 200, 32):
        optimizer.zero_grad()
        torch.nn.functional.mse_loss(net(x[i : i + 32]), y[i : i + 32]).backward()
        optimizer.step()
"""

_sent: dict[str, bytes] = {}


def mark_once(
    exam: Exam, terms: Terms, files: Mapping[str, bytes | None], version: str, at_once: int = 1
) -> bytes:
    """In place of `autograder.classroom.cluster.mark_remotely`: the first submission is marked, its
    result is sent again."""
    from autograder.classroom.cluster import mark_remotely

    if exam.digest not in _sent:
        _sent[exam.digest] = mark_remotely(exam, terms, files, version, at_once)
    return _sent[exam.digest]


def grade_here(folder: str, how: str) -> dict:
    """Grade the class at `folder` in this process; its own CPU time (s, no worker's), wall time
    (s), memory (MB)."""
    import psutil
    from rich.console import Console

    from autograder.classroom import cluster as classroom
    from autograder.classroom.grade import grade
    from autograder.classroom.in_order import How
    from autograder.course import Course

    if how == "once":
        classroom.mark_remotely = mark_once
    course, quiet = Course(Path(folder)), Console(quiet=True)
    before, cpu, began = psutil.Process().memory_info().rss, time.process_time(), time.monotonic()
    outcome = grade(course, "light", How(workers=WORKERS), console=quiet)
    spent = {"cpu": time.process_time() - cpu, "wall": time.monotonic() - began}
    peak = next(
        x for x in Path("/proc/self/status").read_text().splitlines() if x.startswith("VmHWM")
    )
    if outcome.failed:
        raise SystemExit(f"bench: not marked: {outcome.failed}")
    counts = {"new": outcome.new, "unchanged": outcome.unchanged}
    return spent | counts | {"memory": int(peak.split()[1]) / 1024 - before / 2**20}


def child(folder: Path, how: str) -> dict:
    """`grade_here` in a fresh interpreter, with the wall time of the whole process as well."""
    began = time.monotonic()
    code = (
        "import json; from bench.classroom import grade_here; "
        f"print(json.dumps(grade_here({str(folder)!r}, {how!r})))"
    )
    command = [sys.executable, "-W", "ignore", "-c", f"if __name__ == '__main__': {code}"]
    ran = subprocess.run(
        command, capture_output=True, text=True, cwd=Path(__file__).parent.parent, check=False
    )
    if ran.returncode:
        raise SystemExit(f"bench: {ran.stderr[-2000:]}")
    return json.loads(ran.stdout.splitlines()[-1]) | {"process": time.monotonic() - began}


def light_class(folder: Path, size: int) -> Path:
    from demo.light import RIGHT, make_light_course, submit

    make_light_course(folder)
    for number in range(size):
        submit(folder, f"s{number:05}", f"{RIGHT()}\n# {number}\n")
    return folder


def coordinator(scratch: Path) -> None:
    """Print the cost of a submission to the coordinator, its memory, and an unchanged second
    run."""
    print("class   marked       own CPU      wall   memory   second run (unchanged)")
    print("                    s/subm.   s/subm.  MB more   s, whole process", flush=True)
    # before and after: machines drift
    plan = [
        (TRUE, "all"),
        (SMALL, "once"),
        (LARGE, "once"),
        (SMALL, "once"),
    ]
    rows: dict[int, list[dict]] = {TRUE: [], SMALL: [], LARGE: []}
    for turn, (size, how) in enumerate(plan):
        course = light_class(scratch / str(turn), size)
        row, again = child(course, how), child(course, how)
        if (row["new"], again["unchanged"]) != (size, size):
            raise SystemExit(
                f"bench: {row['new']} marked, {again['unchanged']} unchanged, of {size}"
            )
        rows[size].append(row | {"own": row["cpu"] / size, "again": again["process"]})
        print(
            f"{size:5}   {'all' if how == 'all' else 'one a worker':12} {row['cpu'] / size:7.3f} "
            f"{row['wall'] / size:9.3f} {row['memory']:8.0f} {again['process']:10.1f}",
            flush=True,
        )
    [large], small = rows[LARGE], sum(row["own"] for row in rows[SMALL]) / 2
    verdict(f"own CPU of a submission in a class of {LARGE}, s", large["own"], COST)
    verdict(f"the same, class of {LARGE} over class of {SMALL}", large["own"] / small, FLAT)
    verdict("memory of the coordinator grows by, MB", large["memory"], MEMORY)
    verdict(f"unchanged second run over {LARGE}, s", large["again"], AGAIN)


def verdict(what: str, value: float, target: float, at_least: bool = False) -> None:
    met = value >= target if at_least else value <= target
    word = "at least" if at_least else "at most"
    print(f"{what:62} {value:8.2f}  ({word} {target:g}: {'met' if met else 'MISSED'})", flush=True)


def bare(processes: int) -> float:
    """Wall time (s) of so many training processes side by side."""
    began = time.monotonic()
    started = [subprocess.Popen([sys.executable, "-c", TRAINING]) for _ in range(processes)]
    if any(process.wait() for process in started):
        raise SystemExit("bench: a training process failed")
    return time.monotonic() - began


def perfect_class(folder: Path, config: str) -> Path:
    """A course with PERFECT perfect submissions, no two of them alike in every byte."""
    from nbgrader.utils import is_solution

    from bench.score import ASSIGNMENT, course
    from demo.submissions import read_notebooks, write_notebooks

    course(folder, config)
    first = folder / "submitted" / "perfect" / ASSIGNMENT
    for number in range(1, PERFECT):
        notebooks = read_notebooks(first)
        for notebook in notebooks.values():
            answer = next(cell for cell in notebook.cells if is_solution(cell))
            answer.source += f"\n# {number}"
        write_notebooks(notebooks, folder / "submitted" / f"perfect-{number}" / ASSIGNMENT)
    return folder


def workers(scratch: Path) -> None:
    """Print the speed-up of two workers over one and over stock nbgrader, against that of two bare
    processes."""
    from bench.score import ASSIGNMENT, ROOT, STOCK, timed

    ours = perfect_class(scratch / "ours", (ROOT / "nbgrader_config.py").read_text())
    stock = perfect_class(scratch / "stock", STOCK)
    grade = [
        sys.executable,
        "-m",
        "autograder.cli",
        "grade",
        ASSIGNMENT,
        "--json",
        "--force",
        "--workers",
    ]
    autograde = [sys.executable, "-m", "nbgrader", "autograde", ASSIGNMENT, "--force"]
    seconds: dict[str, list[float]] = {"one process": [], "two processes": []}

    def machine() -> None:
        for _ in range(2):
            seconds["one process"].append(bare(1))
            seconds["two processes"].append(bare(2))
            print(
                f"bare training: {seconds['one process'][-1]:.2f} s, two: "
                f"{seconds['two processes'][-1]:.2f} s",
                flush=True,
            )

    machine()
    for name, command, where in (
        ("one worker", [*grade, "1"], ours),
        ("two workers", [*grade, "2"], ours),
        ("stock nbgrader", autograde, stock),
    ):
        seconds[name] = [timed(command, where, WORKERS)[0]]
        print(f"{name:15} {PERFECT} perfect submissions: {seconds[name][0]:6.1f} s", flush=True)
        machine()
    best = {name: min(times) for name, times in seconds.items()}
    second_core = 2 * best["one process"] / best["two processes"]
    print(f"two bare processes do {second_core:.2f} times the work of one")
    for name in ("one worker", "stock nbgrader"):
        gain = best[name] / best["two workers"]
        print(f"two workers over {name}: {gain:.2f} times as quick")
        verdict(
            f"two workers over {name}, share of the bare ratio",
            gain / second_core,
            SHARE,
            at_least=True,
        )


def main(parts: tuple[str, ...] = ("coordinator", "workers")) -> None:
    os.environ["OMP_NUM_THREADS"] = "1"
    for part in parts:
        with tempfile.TemporaryDirectory() as scratch:
            {"coordinator": coordinator, "workers": workers}[part](Path(scratch))


if __name__ == "__main__":
    main(tuple(sys.argv[1:]) or ("coordinator", "workers"))
