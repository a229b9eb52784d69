"""`ntk grade`: a class, from the submitted folder to the gradebook, with progress and a table."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field

from rich.console import Console

from . import gradebook as gradebooks
from .assignment.exam import Exam
from .classroom import Arrival
from .course import Course
from .marking import How, mark_in_order
from .record import Recorder, RecordError
from .result import INFRASTRUCTURE_ERROR, Result
from .roll import store_of, students_of


@dataclass
class Outcome:
    """What a run did: rows for the table, and what went wrong, {student: reason}."""

    rows: dict[str, dict] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    new: int = 0
    stored: int = 0
    unchanged: int = 0


def grade(
    course: Course,
    assignment: str,
    how: How = How(),  # noqa: B008  (frozen)
    students: list[str] = (),
    console: Console | None = None,
) -> Outcome:
    """Mark and record a class. Raises GradeError, ClusterError or RecordError with one line."""
    console = console or Console(stderr=True)
    exam = course.exam(assignment)
    names = students_of(course, assignment, list(students))
    recorder = Recorder(course, exam, lambda text: console.print(text, markup=False))
    recorder.prepare()
    run = _Recording(exam, store_of(course), recorder, how.force)
    with gradebooks.one_engine():
        mark_in_order(course, exam, names, how, console, run.write)
    return run.outcome


class _Recording:
    """Writes what arrives into the gradebook."""

    def __init__(self, exam, store, recorder, force):
        self.exam, self.store, self.recorder, self.force = exam, store, recorder, force
        self.outcome = Outcome()

    def write(self, arrival: Arrival) -> bool:
        outcome, student = self.outcome, arrival.student
        outcome.stored += arrival.was_stored
        outcome.new += not arrival.was_stored
        result = arrival.failure or self.store.get(arrival.key, marks_only=True)
        if result is None:
            outcome.failed[student] = "its stored result is damaged: run the command again"
            result = Result(self.exam.assignment, INFRASTRUCTURE_ERROR, self.exam.max_points)
        elif arrival.failure is not None:
            outcome.failed[student] = " ".join(arrival.failure.incidents) or arrival.failure.status
        elif not self.force and self.recorder.is_recorded(student, arrival.key):
            outcome.unchanged += 1
        else:
            try:
                self.recorder.record(student, arrival.parts, self.store.get(arrival.key))
            except RecordError as error:
                outcome.failed[student] = f"not recorded: {error}"
        outcome.rows[student] = row_of(result)
        return student not in outcome.failed


def row_of(result: Result) -> dict:
    """A row of the class table."""
    exercises = [e for n in result.notebooks for e in n.exercises]
    points = {e.id: None if e.manual else e.points for e in exercises}
    return {
        "points": points,
        "seconds": result.seconds,
        "status": result.status,
        "total": result.points,
    }


def print_outcome(outcome: Outcome, exam: Exam, as_json: bool) -> None:
    """The table and a summary, or JSON alone, on standard output."""
    if as_json:
        body = {
            "assignment": exam.assignment,
            "new": outcome.new,
            "stored": outcome.stored,
            "unchanged": outcome.unchanged,
            "failed": outcome.failed,
            "submissions": outcome.rows,
        }
        json.dump(body, sys.stdout, indent=1)
        print()
        return
    from .table import class_table, shown

    console = Console(width=None if sys.stdout.isatty() else 160)
    console.print(
        class_table(exam, {k: row for k, row in outcome.rows.items() if k not in outcome.failed})
    )
    for student, reason in outcome.failed.items():
        console.print(shown(f"{student}: {reason}"), style="red")
    console.print(
        f"{len(outcome.rows)} submissions: {outcome.new} marked now, {outcome.stored} taken from the store "
        f"({outcome.unchanged} of them recorded before), {len(outcome.failed)} failed."
    )
