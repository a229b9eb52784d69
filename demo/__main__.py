"""`make demo`: release, submissions, marking through nbgrader, feedback, a table."""

from __future__ import annotations

import logging
import shutil
import sys
import warnings
from pathlib import Path
from time import monotonic

import nbformat
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from autograder.course import Course
from autograder.plugins import NOTES
from autograder.release import generate, leaks
from autograder.table import class_table
from demo.submissions import ROOT, classroom, read_notebooks, write_notebooks

COURSE = Path(__file__).resolve().parent / "course"
ASSIGNMENT = "tp5-ntk"


def fresh_course() -> Course:
    """A course of its own beside the real one, so that trying the demonstration leaves no trace in a gradebook."""
    shutil.rmtree(COURSE, ignore_errors=True)
    COURSE.mkdir()
    shutil.copy(ROOT / "nbgrader_config.py", COURSE)
    with (COURSE / "nbgrader_config.py").open("a") as config:
        config.write("\nc.Marking.cell_seconds = 30  # an endless loop should not bore the onlooker\n")
    shutil.copytree(ROOT / "source", COURSE / "source")
    return Course(COURSE)


def hand_in(course: Course, release: Path) -> list[str]:
    """Write the class's submissions and return their names."""
    masters = read_notebooks(course.root / "source" / ASSIGNMENT)
    submissions = classroom(read_notebooks(release), masters)
    for name, notebooks in submissions.items():
        folder = course.root / "submitted" / name / ASSIGNMENT
        if isinstance(notebooks, bytes):
            folder.mkdir(parents=True)
            for master in masters:
                (folder / f"{master}.ipynb").write_bytes(notebooks)
        else:
            write_notebooks(notebooks, folder)
    return list(submissions)


def read_row(course: Course, name: str) -> dict:
    """What nbgrader recorded of a student: {exercise: points}, seconds."""
    from nbgrader.api import Gradebook

    exam = course.exam(ASSIGNMENT)
    points: dict[str, float | None] = {}
    seconds = 0.0
    with Gradebook(course.directory.db_url) as gradebook:
        for notebook in exam.notebooks:
            for cell in notebook.graded():
                grade = gradebook.find_grade(cell.id, notebook.name, ASSIGNMENT, name)
                points[cell.exercise] = None if grade.needs_manual_grade else grade.score
            file = course.root / "autograded" / name / ASSIGNMENT / f"{notebook.name}.ipynb"
            seconds += nbformat.read(file, as_version=4).metadata[NOTES]["seconds"] if file.exists() else 0.0
    return {"points": points, "seconds": seconds}


def main() -> int:
    from nbgrader.apps import NbGraderAPI

    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    console, began, failed = Console(), monotonic(), []
    course = fresh_course()
    release = generate(course, ASSIGNMENT)
    found = leaks(release, course.exam(ASSIGNMENT))
    if found:
        console.print("The release leaks: " + " ".join(found))
        return 1
    console.print("Released tp5-ntk: nothing of a solution or a hidden test is in it.")
    names = hand_in(course, release)
    api = NbGraderAPI(config=course.config)
    columns = (TextColumn("{task.description:32}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("marking", total=len(names))
        for name in names:
            progress.update(task, description=f"marking {name}")
            result = api.autograde(ASSIGNMENT, name)
            if result["success"]:
                result = api.generate_feedback(ASSIGNMENT, name)
            if not result["success"]:
                failed.append(name)
                console.print(
                    f"{name}: {(result.get('error') or result.get('log', '')).strip().splitlines()[-1]}"
                )
            progress.advance(task)
        progress.update(task, description="marked")
    rows = {name: read_row(course, name) for name in names if name not in failed}
    console.print(class_table(course.exam(ASSIGNMENT), rows))
    console.print(
        f"{len(rows)} of {len(names)} marked in {monotonic() - began:.0f} s. '–': to be marked by hand."
    )
    console.print(f"Feedback: {COURSE.relative_to(ROOT)}/feedback/<submission>/{ASSIGNMENT}/*.html")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
