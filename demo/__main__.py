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

from autograder import printing
from autograder.assignment.exam import Exam
from autograder.authoring.generate import ReleaseError
from autograder.authoring.release import without_leaks
from autograder.classroom.grade import grade
from autograder.classroom.in_order import How
from autograder.course import Course
from autograder.gradebook import open as gradebooks
from autograder.reports.report import write_report
from autograder.reports.table import class_table
from demo.submissions import ROOT, classroom, read_notebooks, write_notebooks

COURSE = Path(__file__).resolve().parent / "course"
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


def hand_in(course: Course, assignment: str, release: Path) -> list[str]:
    """Write the class's submissions to an assignment and return their names."""
    masters = read_notebooks(course.root / "source" / assignment)
    submissions = classroom(read_notebooks(release), masters)
    for name, notebooks in submissions.items():
        folder = course.root / "submitted" / name / assignment
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
    cells = exam.marked
    points: dict[str, dict[str, float | None]] = {}
    with gradebooks.opened(course) as gradebook:
        for mark in gradebooks.marks(gradebook, exam.assignment):
            cell = cells.get((mark.notebook, mark.cell))
            if cell is not None:
                given = mark.auto if mark.manual is None else mark.manual
                told = None if mark.waits else given or 0.0
                points.setdefault(mark.student, {})[cell.exercise] = told
    return points


def main() -> int:
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    console, began = printing.console(), monotonic()
    course = fresh_course()
    assignments = course.assignments()[::-1]  # the lab first, then what lies beyond it
    failed = [name for name in assignments if not one(course, name, console)]
    console.print("Points are what nbgrader's gradebook holds; '–' waits for a person.")
    where = COURSE.relative_to(ROOT)
    console.print(f"Feedback: {where}/feedback/<submission>/<assignment>/*.html")
    console.print(f"Reports:  {where}/reports/*.html")
    console.print(f"{' and '.join(assignments)} in {monotonic() - began:.0f} s.")
    return 1 if failed else 0


def one(course: Course, assignment: str, console: Console) -> bool:
    """Release an assignment, let the class hand in, mark, record, give feedback and report. Returns
    whether all of it worked."""
    console.print(f"Releasing {assignment} …")
    exam = course.exam(assignment)
    try:
        release = without_leaks(course, exam)
    except ReleaseError as error:
        console.print(str(error), style="red", markup=False)
        return False
    names = hand_in(course, assignment, release)
    console.print(
        f"{len(names)} submissions are in. Marking them in sandboxes, {WORKERS} at a time …"
    )
    outcome = grade(course, assignment, How(WORKERS), console=console)
    feedback = NbGraderAPI(config=course.config).generate_feedback(assignment)
    write_report(course, assignment, course.root / "reports" / f"{assignment}.html")
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
    console.print(f"{len(rows)} of {len(names)} marked.")
    return not outcome.failed and bool(feedback["success"])


if __name__ == "__main__":
    sys.exit(main())
