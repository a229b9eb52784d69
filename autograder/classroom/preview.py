"""`ntk grade --dry-run`: who would gain or lose what, and why, before anything is recorded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rich.console import Console

from ..assignment.exam import Exam, Kind
from ..checks.verdict import Verdict
from ..course import Course
from ..gradebook import open as gradebooks
from ..gradebook.notes import Notes
from ..marking.judged import judged
from ..marking.result import Result
from .cluster import Arrival
from .in_order import How, mark_in_order
from .roll import Roll

CAUSES = {
    "submission": "handed in anew",
    "master": "the masters changed",
    "grader": "the checks, the grader or its libraries changed",
    "terms": "the limits, the sandbox or the course's secret changed",
}


@dataclass(frozen=True)
class Difference:
    """One exercise whose mark would change. `by_hand`: the mark that a person gave instead, which
    would stay."""

    exercise: str
    before: float
    after: float
    by_hand: float | None
    why: tuple[str, ...]


@dataclass
class Preview:
    """What recording would do. `first`: students with no marks yet; `same`: how many would keep
    theirs."""

    assignment: str
    changes: dict[str, list[Difference]] = field(default_factory=dict)
    causes: dict[str, list[str]] = field(default_factory=dict)
    first: dict[str, float] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    same: int = 0


def preview(
    course: Course,
    assignment: str,
    how: How,
    students: Sequence[str] = (),
    console: Console | None = None,
) -> Preview:
    """Mark what would be marked (the results are kept) and compare with the gradebook, which is
    only read."""
    roll = Roll(course, assignment, students)
    comparing = _Comparing(roll)
    mark_in_order(roll, how, console or Console(stderr=True), comparing.write)
    return comparing.preview


class _Comparing:
    def __init__(self, roll: Roll):
        exam, self.store = roll.exam, roll.store
        self.notes = Notes(roll.course.root, exam.assignment)
        self.standing = standing_marks(roll.course, exam)
        self.preview = Preview(exam.assignment)

    def write(self, arrival: Arrival) -> bool:
        student, preview = arrival.student, self.preview
        stored = None if arrival.failure else self.store.get(arrival.key, marks_only=True)
        result = arrival.failure or (judged(stored, arrival.finding) if stored else None)
        if result is None or arrival.failure is not None:
            reasons = (
                result.incidents
                if result
                else ["its stored result is damaged: run the command again"]
            )
            preview.failed[student] = " ".join(reasons)
            return False
        marks = self.standing.get(student)
        if marks is None:
            preview.first[student] = result.points
            return True
        note = self.notes.get(student)
        old = self.store.get(note.key, marks_only=True) if note else None
        changes = differences(marks, old, result)
        if changes:
            preview.changes[student] = changes
            preview.causes[student] = causes(note.parts if note else None, arrival.parts)
        else:
            preview.same += 1
        return True


def standing_marks(course: Course, exam: Exam) -> dict[str, dict[str, tuple[float, float | None]]]:
    """{student: {exercise: (automatic mark, mark by hand or None)}} of the gradebook. Creates and
    writes nothing."""
    if not gradebooks.exists(course):
        return {}
    cells = exam.marked
    found: dict[str, dict] = defaultdict(dict)
    with gradebooks.opened(course) as gradebook:
        for mark in gradebooks.marks(gradebook, exam.assignment):
            cell = cells.get((mark.notebook, mark.cell))
            if cell is not None and cell.kind is Kind.TEST:
                found[mark.student][cell.exercise] = (mark.auto, mark.manual)
    return {
        s: marks
        for s, marks in found.items()
        if all(auto is not None for auto, _ in marks.values())
    }


def differences(
    marks: Mapping[str, tuple[float, float | None]], old: Result | None, new: Result
) -> list[Difference]:
    """The exercises whose automatic mark would change, each with the criteria that decide it (None
    kept: no why)."""
    earlier = {e.id: e.verdict for n in (old.notebooks if old else ()) for e in n.exercises}
    found = []
    for exercise in (e for n in new.notebooks for e in n.exercises):
        if exercise.verdict is None:
            continue
        before, by_hand = marks.get(exercise.id, (0.0, None))
        if abs(before - exercise.points) > 1e-9:
            why = tuple(_why(earlier.get(exercise.id), exercise.verdict))
            found.append(Difference(exercise.id, before, exercise.points, by_hand, why))
    return found


def _why(old: Verdict | None, new: Verdict) -> Iterator[str]:
    """One line for each criterion that is decided otherwise than before."""
    if old is None:
        yield "the earlier criteria are no longer stored"
        return
    before = {c.name: c for c in old.criteria}
    for c in new.criteria:
        b = before.pop(c.name, None)
        change = c.points - (b.points if b else 0.0)
        if b is None and change:
            yield f"{c.name} (a new criterion): {change:+g}"
        elif b is not None and change:
            yield f"{c.name}: {change:+g}: {(b if change > 0 else c).message}"
    for c in before.values():
        if c.points:
            yield f"{c.name} (no longer a criterion): {-c.points:+g}"


def causes(old: Mapping[str, str] | None, new: Mapping[str, str]) -> list[str]:
    """What changed since the marks were recorded."""
    if old is None:
        return ["not recorded by ntk grade"]
    return [text for part, text in CAUSES.items() if old.get(part) != new.get(part)]
