"""The demonstration's class against one submission of it: `python -m bench demo`.

`ntk grade` marks the class of `make demo` with two workers; before and after it `ntk score` marks
its perfect submission, with as many processors. Below the ratio stands what each submission cost.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import demo.__main__ as demonstration
from autograder.authoring.generate import generate
from autograder.classroom.roll import Roll
from autograder.marking.result import Result
from bench.score import timed

ASSIGNMENT, WORKERS = "tp5-ntk", demonstration.WORKERS
RATIO = 4.0  # target


def costs(result: Result) -> str:
    """The seconds of a submission's notebooks, and what took more than a second of them."""
    spent: dict[str, float] = {}
    for notebook in result.notebooks:
        for name, seconds in notebook.timings.items():
            spent[name] = spent.get(name, 0.0) + seconds
    most = sorted(spent.items(), key=lambda item: -item[1])
    total = sum(notebook.seconds for notebook in result.notebooks)
    return f"{total:6.1f}  " + ", ".join(f"{n} {s:.1f}" for n, s in most if s >= 1)


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        demonstration.COURSE = Path(scratch) / "course"
        course = demonstration.fresh_course()
        names = demonstration.hand_in(course, ASSIGNMENT, generate(course, ASSIGNMENT))
        ntk = [sys.executable, "-m", "autograder.cli"]
        score = [*ntk, "score", f"submitted/perfect/{ASSIGNMENT}", "--json"]
        grade = [*ntk, "grade", ASSIGNMENT, "--workers", str(WORKERS), "--json", "--force"]
        before, _ = timed(score, course.root, WORKERS)
        whole, _ = timed(grade, course.root, WORKERS)
        after, _ = timed(score, course.root, WORKERS)
        results = Roll(course, ASSIGNMENT).stored()
    one = (before + after) / 2
    print(f"ntk score of perfect: {before:.1f} s before, {after:.1f} s after")
    print(f"ntk grade of {len(names)} submissions, {WORKERS} workers: {whole:.1f} s")
    print(f"ratio: {whole / one:.2f}  (target: at most {RATIO:g})")
    print("\nseconds of a worker for each submission, and what of it took more than one")
    for name, result in results.items():
        print(f"  {name:16} {costs(result) if result else 'not marked'}")


if __name__ == "__main__":
    main()
