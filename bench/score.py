"""What the sandboxed marking of a perfect submission costs, against stock nbgrader on the same
notebooks."""

from __future__ import annotations

import json
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
STUDENTS_OWN = ("solution cells", "demonstration cells", "checkpoint cells", "own cells")


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


def timed(command: list[str], cwd: Path) -> tuple[float, str]:
    began = time.perf_counter()
    ran = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise SystemExit(ran.stderr[-2000:])
    return time.perf_counter() - began, ran.stdout


def main(rounds: int = 3) -> None:
    """Alternate `ntk score` and stock `nbgrader autograde`; print the ratio of the best times and
    where time goes."""
    with tempfile.TemporaryDirectory() as scratch:
        ours = course(Path(scratch) / "ours", (ROOT / "nbgrader_config.py").read_text())
        stock = course(Path(scratch) / "stock", STOCK)
        score = [
            sys.executable,
            "-m",
            "autograder.cli",
            "score",
            f"submitted/perfect/{ASSIGNMENT}",
            "--json",
        ]
        grade = [sys.executable, "-m", "nbgrader", "autograde", ASSIGNMENT, "--force"]
        times: dict[str, list[float]] = {"score": [], "stock": []}
        for _ in range(rounds):
            seconds, out = timed(score, ours)
            times["score"].append(seconds)
            times["stock"].append(timed(grade, stock)[0])
        result = json.loads(out)
        print("ntk score       ", " ".join(f"{t:6.1f}" for t in times["score"]), "s")
        print("stock autograde ", " ".join(f"{t:6.1f}" for t in times["stock"]), "s")
        print(
            f"ratio of the best {min(times['score']) / min(times['stock']):.2f}  (target: at most "
            "1.1)"
        )
        spent: dict[str, float] = {}
        for notebook in result["notebooks"]:
            for name, value in notebook["timings"].items():
                spent[name] = spent.get(name, 0.0) + value
        spent["process, imports, reading"] = times["score"][-1] - sum(spent.values())
        print("\nwhere the time goes (last run, both notebooks)")
        for name, value in sorted(spent.items(), key=lambda item: -item[1]):
            print(f"  {name:28} {value:6.2f} s")
        overhead = sum(value for name, value in spent.items() if name not in STUDENTS_OWN)
        print(f"  not the student's own        {overhead:6.2f} s  (target: under 8)")


if __name__ == "__main__":
    main()
