"""`ntk grade`: a class, from the submitted folder to the gradebook, with progress and a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from rich.console import Console

from ..course import Course
from ..gradebook import open as gradebooks
from ..gradebook.record import Recorder, RecordError
from ..marking.judged import judged
from ..marking.result import Result, Status
from ..text import one_line
from .cluster import Arrival
from .in_order import How, mark_in_order
from .roll import Roll


@dataclass
class Outcome:
    """What a run did: rows for the table, what went wrong, {student: reason}, and what a person
    must look at, {student: reasons}."""

    rows: dict[str, dict] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    review: dict[str, list[str]] = field(default_factory=dict)
    new: int = 0
    stored: int = 0
    unchanged: int = 0


def grade(
    course: Course,
    assignment: str,
    how: How | None = None,
    students: Sequence[str] = (),
    console: Console | None = None,
) -> Outcome:
    """Mark and record a class. Raises OneLine."""
    console, how = console or Console(stderr=True), how or How()
    roll = Roll(course, assignment, students)
    recorder = Recorder(course, roll.exam, lambda text: console.print(text, markup=False))
    recorder.prepare()
    run = _Recording(roll, recorder, how.force)
    with gradebooks.one_engine():
        mark_in_order(roll, how, console, run.write)
    return run.outcome


class _Recording:
    """Writes what arrives into the gradebook."""

    def __init__(self, roll: Roll, recorder: Recorder, force: bool):
        self.exam, self.store, self.recorder, self.force = roll.exam, roll.store, recorder, force
        self.outcome = Outcome()

    def write(self, arrival: Arrival) -> bool:
        outcome, student = self.outcome, arrival.student
        outcome.stored += arrival.was_stored
        outcome.new += not arrival.was_stored
        stored = None if arrival.failure else self.store.get(arrival.key, marks_only=True)
        result = arrival.failure or (judged(stored, arrival.finding) if stored else None)
        if result is None:
            outcome.failed[student] = "its stored result is damaged: run the command again"
            result = Result(self.exam.assignment, Status.INFRASTRUCTURE_ERROR, self.exam.max_points)
        elif arrival.failure is not None:
            outcome.failed[student] = " ".join(arrival.failure.incidents) or arrival.failure.status
        else:
            try:
                if not self.force and self.recorder.is_recorded(
                    student, arrival.key, arrival.finding.stamp()
                ):
                    outcome.unchanged += 1
                    return self._row(student, result)
                whole = self.store.get(arrival.key)
                if whole is None:
                    raise RecordError("its stored result is gone: run the command again")
                whole = judged(whole, arrival.finding)
                self.recorder.record(student, arrival.parts, whole, arrival.finding.stamp())
            except (RecordError, OSError, ValueError) as error:  # one student's, not the class's
                outcome.failed[student] = f"not recorded: {one_line(error, 300)}"
        return self._row(student, result)

    def _row(self, student: str, result: Result) -> bool:
        self.outcome.rows[student] = row_of(result)
        if result.status is Status.REVIEW:
            self.outcome.review[student] = result.reasons
        return student not in self.outcome.failed


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
