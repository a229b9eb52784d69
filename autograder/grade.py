"""`ntk grade`: a class, from the submitted folder to the gradebook, with progress and a table."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from .classroom import Job, Terms, connect, mark_class
from .course import Course, secret_of
from .exam import Exam
from .record import Recorder, RecordError
from .result import INFRASTRUCTURE_ERROR, Result
from .score import read_submission
from .store import Store


class GradeError(Exception):
    """There is nothing to grade, or not as it was asked. `str(error)` is one line."""


@dataclass
class Outcome:
    """What a run did: rows for the table, and what went wrong, {student: reason}."""

    rows: dict[str, dict] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    new: int = 0
    stored: int = 0
    unchanged: int = 0


def students_of(course: Course, assignment: str, only: list[str]) -> list[str]:
    """Who has handed in, in order. Raises GradeError for a name without a submission, or when nobody has."""
    submitted = course.root / course.directory.submitted_directory
    found = sorted(p.parent.name for p in submitted.glob(f"*/{assignment}") if p.is_dir())
    missing = [name for name in only if name not in found]
    if missing:
        raise GradeError(f"no submission of {', '.join(missing)} in {submitted}: collect it first")
    if not found:
        raise GradeError(f"nobody has handed in {assignment}: there is no {submitted}/<student>/{assignment}")
    return [name for name in found if not only or name in only]


def read_jobs(course: Course, exam: Exam, students: list[str]) -> Iterator[Job]:
    """The submissions as bytes, one at a time."""
    submitted = course.root / course.directory.submitted_directory
    for student in students:
        files, incidents = read_submission(submitted / student / exam.assignment, exam)
        yield Job(student, files, tuple(incidents))


class _InOrder:
    """Records results in the students' order, however they arrive; holds only those that wait for a turn."""

    def __init__(self, students: list[str], write):
        self.turn, self.write = iter(students), write
        self.next = next(self.turn, None)
        self.held: dict[str, tuple] = {}

    def add(self, student: str, *what) -> None:
        self.held[student] = what
        while self.next in self.held:
            self.write(self.next, *self.held.pop(self.next))
            self.next = next(self.turn, None)


def grade(
    course: Course,
    assignment: str,
    *,
    students: list[str] = (),
    workers: int | None = None,
    scheduler: str | None = None,
    force: bool = False,
    console: Console | None = None,
) -> Outcome:
    """Mark and record a class. Raises GradeError, ClusterError or RecordError with one line."""
    console = console or Console(stderr=True)
    exam = course.exam(assignment)
    names = students_of(course, assignment, list(students))
    terms = Terms(exam, course.marking.limits, secret_of(course.root), course.marking.sandbox)
    store = Store(course.root / ".ntk" / "results")
    recorder = Recorder(course, exam, lambda text: console.print(text, markup=False))
    recorder.prepare()
    outcome = Outcome()
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn(), TextColumn("{task.fields[failed]}"),
    )  # fmt: skip
    with Progress(*columns, console=console) as progress:
        bar = progress.add_task("marking", total=len(names), rate="", failed="")
        began = monotonic()

        def write(student: str, key: str, failure: Result | None) -> None:
            result = failure or store.get(key, marks_only=True)
            if result is None:
                outcome.failed[student] = "its stored result is damaged: run the command again"
                result = Result(assignment, INFRASTRUCTURE_ERROR, exam.max_points)
            elif failure is not None:
                outcome.failed[student] = " ".join(failure.incidents) or failure.status
            elif not force and recorder.is_recorded(student, key):
                outcome.unchanged += 1
            else:
                try:
                    recorder.record(student, key, store.get(key))
                except RecordError as error:
                    outcome.failed[student] = f"not recorded: {error}"
            outcome.rows[student] = row_of(result)
            done = len(outcome.rows)
            progress.update(
                bar,
                advance=1,
                rate=f"{60 * done / max(monotonic() - began, 1e-9):.1f}/min",
                failed=f"{len(outcome.failed)} failed" if outcome.failed else "",
            )

        line = _InOrder(names, write)

        def done(job: Job, key: str, failure: Result | None, was_stored: bool) -> None:
            outcome.stored += was_stored
            outcome.new += not was_stored
            line.add(job.student, key, failure)

        with _client(workers, scheduler, store, terms, course, exam, names, force) as client:
            mark_class(
                read_jobs(course, exam, names), terms, store if not force else _Fresh(store), client, done
            )
    return outcome


class _Fresh:
    """A store that remembers what is put into it and forgets what it had: for --force."""

    def __init__(self, store: Store):
        self.store = store

    def __contains__(self, key: str) -> bool:
        return False

    def put(self, key: str, data: bytes) -> None:
        self.store.put(key, data)


def _client(workers, scheduler, store, terms, course, exam, names, force):
    """No cluster is started when everything is in the store already."""
    from contextlib import nullcontext

    if not force and all(terms.key(job) in store for job in read_jobs(course, exam, names)):
        return nullcontext(_NoWorkers())
    return connect(workers, scheduler)


class _NoWorkers:
    def scheduler_info(self) -> dict:
        return {}


def row_of(result: Result) -> dict:
    """A row of the class table."""
    exercises = [e for n in result.notebooks for e in n.exercises]
    points = {e.id: None if e.manual else e.points for e in exercises}
    return {"points": points, "seconds": result.seconds, "status": result.status, "total": result.points}


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
    console.print(class_table(exam, {k: row for k, row in outcome.rows.items() if k not in outcome.failed}))
    for student, reason in outcome.failed.items():
        console.print(shown(f"{student}: {reason}"), style="red")
    console.print(
        f"{len(outcome.rows)} submissions: {outcome.new} marked now, {outcome.stored} taken from the store "
        f"({outcome.unchanged} of them recorded before), {len(outcome.failed)} failed."
    )


def stored_results(course: Course, exam: Exam) -> dict[str, tuple[str, Result | None]]:
    """{student: (key, stored result or None)} of everybody who has handed in, without marking anything."""
    terms = Terms(exam, course.marking.limits, secret_of(course.root), course.marking.sandbox)
    store = Store(Path(course.root) / ".ntk" / "results")
    names = students_of(course, exam.assignment, [])
    return {
        job.student: (key := terms.key(job), store.get(key, marks_only=True))
        for job in read_jobs(course, exam, names)
    }
