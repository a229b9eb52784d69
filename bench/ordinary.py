"""What an ordinary course costs: nbgrader's own example, marked by stock nbgrader and through this
grader, with everything run."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from autograder import startup  # noqa: F401  (nbgrader has to find alembic)

from .score import timed

ASSIGNMENT, STUDENTS = "ps1", 3
RATIO = 1.1  # target
THREE_LINES = '\nfrom autograder import configure\nconfigure(c, course_id="course101")\n'
EVERYTHING = 'c.Marking.demonstrations = "run"\n'
NBGRADER = [sys.executable, "-m", "nbgrader"]


def course(folder: Path, extra: str) -> Path:
    """nbgrader's example course, released, with a few submissions that are right."""
    folder.mkdir()
    subprocess.run(
        [*NBGRADER, "quickstart", "course101"], cwd=folder, check=True, capture_output=True
    )
    made = folder / "course101"
    config = made / "nbgrader_config.py"
    config.write_text(config.read_text() + extra)
    generate = [*NBGRADER, "generate_assignment", ASSIGNMENT]
    subprocess.run(generate, cwd=made, check=True, capture_output=True)
    for number in range(STUDENTS):
        shutil.copytree(
            made / "source" / ASSIGNMENT, made / "submitted" / f"s{number}" / ASSIGNMENT
        )
    return made


def main(rounds: int = 3) -> None:
    """Alternate stock `nbgrader autograde`, the same command with this grader in it, and `ntk
    grade` with one worker, on one processor; print seconds a submission and ratios."""
    grade = [*NBGRADER, "autograde", ASSIGNMENT, "--force"]
    ntk = [sys.executable, "-m", "autograder.cli", "grade", ASSIGNMENT, "--force", "--workers", "1"]
    with tempfile.TemporaryDirectory() as scratch:
        stock = course(Path(scratch) / "stock", "")
        ours = course(Path(scratch) / "ours", THREE_LINES + EVERYTHING)
        runs = {
            "stock nbgrader autograde": (grade, stock),
            "nbgrader autograde, three lines added": (grade, ours),
            "ntk grade --workers 1": (ntk, ours),
        }
        times: dict[str, list[float]] = {name: [] for name in runs}
        for _ in range(rounds):
            for name, (command, place) in runs.items():
                times[name].append(timed(command, place, 1)[0] / STUDENTS)
        for name, seconds in times.items():
            print(f"{name:40}", " ".join(f"{t:6.2f}" for t in seconds), "s a submission")
        base, *others = (min(seconds) for seconds in times.values())
        for name, best in zip(list(runs)[1:], others, strict=True):
            print(f"{name}, against stock: {best / base:.2f}  (target: at most {RATIO})")


if __name__ == "__main__":
    main()
