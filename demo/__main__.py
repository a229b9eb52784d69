"""`make demo`: release, submissions, marking into nbgrader's gradebook, feedback, a table."""

from __future__ import annotations

import logging
import shutil
import sys
import warnings
from pathlib import Path
from time import monotonic

from nbgrader.apps import NbGraderAPI
from rich.console import Console

from autograder.assignment.exam import Exam
from autograder.authoring.generate import generate
from autograder.authoring.release import leaks
from autograder.classroom.grade import grade
from autograder.classroom.in_order import How
from autograder.course import Course
from autograder.gradebook import open as gradebooks
from autograder.reports.report import write_report
from autograder.reports.table import class_table
from demo.submissions import ROOT, classroom, read_notebooks, write_notebooks

COURSE = Path(__file__).resolve().parent / "course"
ASSIGNMENT = "tp5-ntk"
WORKERS = 2


def fresh_course() -> Course:
    """A course of its own beside the real one, so that trying the demonstration leaves no trace in
    a gradebook."""
    shutil.rmtree(COURSE, ignore_errors=True)
    COURSE.mkdir()
    shutil.copy(ROOT / "nbgrader_config.py", COURSE)
    with (COURSE / "nbgrader_config.py").open("a") as config:
        # an endless loop should not bore the onlooker
        config.write("\nc.Marking.cell_seconds = 30\nc.Marking.probe_seconds = 30\n")
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


def recorded(course: Course, exam: Exam) -> dict[str, dict[str, float | None]]:
    """{student: {exercise: points}} as nbgrader's gradebook has them; None where a person still has
    to mark."""
    exercises = {c.id: c.exercise for n in exam.notebooks for c in n.graded()}
    points: dict[str, dict[str, float | None]] = {}
    with gradebooks.opened(course) as gradebook:
        for mark in gradebooks.marks(gradebook, exam.assignment):
            if mark.cell in exercises:
                given = mark.auto if mark.manual is None else mark.manual
                told = None if mark.waits else given or 0.0
                points.setdefault(mark.student, {})[exercises[mark.cell]] = told
    return points


def main() -> int:
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    console, began = Console(width=None if sys.stdout.isatty() else 160), monotonic()
    console.print("Releasing tp5-ntk …")
    course = fresh_course()
    release = generate(course, ASSIGNMENT)
    exam = course.exam(ASSIGNMENT)
    found = leaks(release, exam)
    if found:
        console.print("The release leaks: " + " ".join(found))
        return 1
    names = hand_in(course, release)
    console.print(
        f"{len(names)} submissions are in. Marking them in sandboxes, {WORKERS} at a time …"
    )
    outcome = grade(course, ASSIGNMENT, How(WORKERS), console=console)
    feedback = NbGraderAPI(config=course.config).generate_feedback(ASSIGNMENT)
    report = write_report(course, ASSIGNMENT, course.root / "reports" / f"{ASSIGNMENT}.html")
    points = recorded(course, exam)
    rows = {
        name: outcome.rows[name] | {"points": points[name]}
        for name in names
        if name not in outcome.failed
    }
    console.print(class_table(exam, rows))
    for name, reasons in outcome.review.items():
        console.print(f"REVIEW {name}: {' '.join(reasons)}", markup=False)
    for name, reason in outcome.failed.items():
        console.print(f"{name}: {reason}", style="red", markup=False)
    if not feedback["success"]:
        console.print("Feedback could not be written: " + feedback["log"].strip().splitlines()[-1])
    console.print("Points are what nbgrader's gradebook holds; '–' waits for a person.")
    console.print(f"Feedback: {COURSE.relative_to(ROOT)}/feedback/<submission>/{ASSIGNMENT}/*.html")
    console.print(f"Report:   {report.relative_to(ROOT)}")
    console.print(f"{len(rows)} of {len(names)} marked; all in {monotonic() - began:.0f} s.")
    return 1 if outcome.failed or not feedback["success"] else 0


if __name__ == "__main__":
    sys.exit(main())
