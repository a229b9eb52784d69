"""What the sandboxed marking of a perfect submission costs, against stock nbgrader on the same
notebooks."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from demo.submissions import ROOT, fill, read_notebooks, solutions, write_notebooks

ASSIGNMENT = "tp5-ntk"
STOCK = (
    "c = get_config()\nc.CourseDirectory.course_id = "
    '"ntk"\nc.ClearMarkScheme.enforce_metadata = False\n'
)
RATIO = 0.5  # target


def course(folder: Path, config: str) -> Path:
    """A course with a released assignment and one perfect submission."""
    from autograder.authoring.generate import generate
    from autograder.course import Course

    folder.mkdir()
    (folder / "nbgrader_config.py").write_text(config)
    shutil.copytree(ROOT / "source", folder / "source", ignore=shutil.ignore_patterns("*.md"))
    release = generate(Course(folder), ASSIGNMENT)
    masters = read_notebooks(folder / "source" / ASSIGNMENT)
    write_notebooks(
        fill(read_notebooks(release), solutions(masters)),
        folder / "submitted" / "perfect" / ASSIGNMENT,
    )
    return folder


def timed(command: list[str], cwd: Path, cores: int) -> tuple[float, str]:
    """Wall time of a command that is given so many processors, and what it prints."""
    mine = os.sched_getaffinity(0)
    os.sched_setaffinity(0, set(sorted(mine)[:cores]))
    began = time.perf_counter()
    try:
        ran = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    finally:
        os.sched_setaffinity(0, mine)
    if ran.returncode:
        raise SystemExit(ran.stderr[-2000:])
    return time.perf_counter() - began, ran.stdout


def main(rounds: int = 3) -> None:
    """Alternate `ntk score` and stock `nbgrader autograde` on one processor, and `ntk score` on
    two; print the ratio of the best times and where time goes."""
    with tempfile.TemporaryDirectory() as scratch:
        ours = course(Path(scratch) / "ours", (ROOT / "nbgrader_config.py").read_text())
        stock = course(Path(scratch) / "stock", STOCK)
        submission = f"submitted/perfect/{ASSIGNMENT}"
        score = [sys.executable, "-m", "autograder.cli", "score", submission, "--json"]
        grade = [sys.executable, "-m", "nbgrader", "autograde", ASSIGNMENT, "--force"]
        runs = {
            "stock autograde, one core": (grade, stock, 1),
            "ntk score, one core": (score, ours, 1),
            "ntk score, two cores": (score, ours, 2),
        }
        times: dict[str, list[float]] = {name: [] for name in runs}
        printed: dict[str, str] = {}
        for _ in range(rounds):
            for name, run in runs.items():
                seconds, printed[name] = timed(*run)
                times[name].append(seconds)
        for name, row in times.items():
            print(f"{name:26}", " ".join(f"{t:6.1f}" for t in row), "s")
        base, *others = (min(row) for row in times.values())
        for name, best in zip(list(runs)[1:], others, strict=True):
            target = f"  (target: at most {RATIO})" if name.endswith("one core") else ""
            print(f"{name}, against stock: {best / base:.2f}{target}")
        name = "ntk score, one core"
        _print_share(json.loads(printed[name]), times[name][-1])


def _print_share(result: dict, seconds: float) -> None:
    spent: dict[str, float] = {}
    for notebook in result["notebooks"]:
        for name, value in notebook["timings"].items():
            spent[name] = spent.get(name, 0.0) + value
    print("\nwhere the time goes (last run on one core; two notebooks share it, so each waits)")
    for name, value in sorted(spent.items(), key=lambda item: -item[1]):
        print(f"  {name:28} {value:6.2f} s")
    longest = max(notebook["seconds"] for notebook in result["notebooks"])
    print(f"  process, imports, reading    {seconds - longest:6.2f} s")


if __name__ == "__main__":
    main()
