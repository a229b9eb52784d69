"""Export plugins: marks per exercise, as plain CSV and as the tables that Moodle and Canvas import.

Used by `ntk export`, and by `nbgrader export --exporter=autograder.exporters.MoodleExporter`.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from nbgrader.api import Gradebook
from nbgrader.plugins import ExportPlugin

from .checks.ids import exercise_of, told_apart
from .course import Course
from .gradebook import open as gradebooks

FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Row:
    """One student's marks in one assignment. A mark is None while a person still has to give it;
    `review`: marks there are, but a person must look at the submission before they count."""

    student: Any
    marks: dict[str, float | None]
    penalty: float
    submitted: str
    review: bool = False

    @property
    def total(self) -> float | None:
        """Marks given so far, less the penalty for a late submission, never below zero; None
        before a review."""
        if self.review:
            return None
        return max(0.0, sum(mark or 0.0 for mark in self.marks.values()) - self.penalty)


class Column(NamedTuple):
    """An exercise, as the tables call it, and its points."""

    name: str
    points: float


def columns_of(assignment: Any) -> dict[tuple[str, str], Column]:
    """{(notebook, cell): column} in the notebooks' order; checkpoints, which carry no points, are
    left out. A column is called by the exercise, or, where two cells would be called so, by the
    notebook and the cell."""
    points: dict[tuple[str, str], float] = {}
    short: dict[tuple[str, str], str] = {}
    for notebook in sorted(assignment.notebooks, key=lambda n: n.name):
        answers = {cell.name for cell in notebook.solution_cells}
        order = {cell.name: i for i, cell in enumerate(notebook.source_cells)}
        for cell in sorted(notebook.grade_cells, key=lambda c: order.get(c.name, 0)):
            if cell.max_score:
                points[notebook.name, cell.name] = cell.max_score
                short[notebook.name, cell.name] = exercise_of(cell.name, answers)
    whole = told_apart(points)
    called = Counter(name for place in points for name in {short[place], place[1]})
    names = {place: short[place] if called[short[place]] == 1 else whole[place] for place in points}
    return {place: Column(names[place], worth) for place, worth in points.items()}


class ExerciseExporter(ExportPlugin):
    """Common part: which assignments, which students, one row each. Subclasses name the columns."""

    default_name = "exercises.csv"

    def __init__(self, **settings: Any):
        super().__init__(**settings)
        self.review: list[str] = []  # students whose marks were left out

    def export(self, gradebook: Gradebook) -> None:
        chosen = [
            a
            for a in gradebook.assignments
            if not self.assignment or a.name in map(str, self.assignment)
        ]
        with open(self.to or self.default_name, "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            for number, assignment in enumerate(chosen):
                places = columns_of(assignment)
                columns = dict(places.values())
                for line in self.head(assignment, columns, number):
                    writer.writerow(line)
                for row in self.rows(gradebook, assignment, places):
                    if row.review:
                        self.review.append(row.student.id)
                    writer.writerow([safe(value) for value in self.line(assignment, columns, row)])

    def rows(
        self, gradebook: Gradebook, assignment: Any, places: Mapping[tuple[str, str], Column]
    ) -> Iterator[Row]:
        given: dict[str, list[gradebooks.Mark]] = defaultdict(list)
        for mark in gradebooks.marks(gradebook, assignment.name):
            given[mark.student].append(mark)
        handed_in = gradebooks.handed_in(gradebook, assignment.name)
        for student in sorted(gradebook.students, key=lambda s: s.id):
            if self.student and student.id not in map(str, self.student):
                continue
            marks: dict[str, float | None] = {column.name: 0.0 for column in places.values()}
            review = False
            for mark in given[student.id]:
                waits = mark.waits and mark.manual is None
                review = review or (waits and mark.auto is not None)
                if column := places.get((mark.notebook, mark.cell)):
                    marks[column.name] = None if waits else mark.score
            submitted, penalty = handed_in.get(student.id, (None, 0.0))
            yield Row(student, marks, penalty, str(submitted) if submitted else "", review)

    def head(self, assignment: Any, columns: dict[str, float], number: int) -> list[list[str]]:
        raise NotImplementedError

    def line(self, assignment: Any, columns: dict[str, float], row: Row) -> list[str]:
        raise NotImplementedError


class CsvExporter(ExerciseExporter):
    """One line a student: exercises, late penalty, total, maximum. A mark still to be given is
    empty."""

    def head(self, assignment: Any, columns: dict[str, float], number: int) -> list[list[str]]:
        if number:
            return []
        return [["assignment", "student", "submitted", *columns, "late_penalty", "total", "max"]]

    def line(self, assignment: Any, columns: dict[str, float], row: Row) -> list[str]:
        marks = [_number(row.marks[name]) for name in columns]
        best = _number(sum(columns.values()))
        return [
            assignment.name,
            row.student.id,
            row.submitted,
            *marks,
            _number(row.penalty),
            _number(row.total),
            best,
        ]


class MoodleExporter(ExerciseExporter):
    """For Moodle's grade import from CSV: students by ID number and e-mail address, one grade item
    an exercise."""

    default_name = "moodle.csv"

    def head(self, assignment: Any, columns: dict[str, float], number: int) -> list[list[str]]:
        if number:
            return []
        items = [f"{assignment.name}: {name}" for name in columns]
        return [
            [
                "ID number",
                "First name",
                "Last name",
                "Email address",
                *items,
                f"{assignment.name}: total",
            ]
        ]

    def line(self, assignment: Any, columns: dict[str, float], row: Row) -> list[str]:
        marks = [_number(row.marks[name]) for name in columns]
        person = row.student
        names = [person.id, person.first_name or "", person.last_name or "", person.email or ""]
        return [*names, *marks, _number(row.total)]


class CanvasExporter(ExerciseExporter):
    """For Canvas' gradebook import: its five leading columns and the line of points possible."""

    default_name = "canvas.csv"

    def head(self, assignment: Any, columns: dict[str, float], number: int) -> list[list[str]]:
        if number:
            return []
        items = [f"{assignment.name}: {name}" for name in columns]
        possible = [_number(points) for points in columns.values()]
        return [
            [
                "Student",
                "ID",
                "SIS User ID",
                "SIS Login ID",
                "Section",
                *items,
                f"{assignment.name}: total",
            ],
            ["    Points Possible", "", "", "", "", *possible, _number(sum(columns.values()))],
        ]

    def line(self, assignment: Any, columns: dict[str, float], row: Row) -> list[str]:
        marks = [_number(row.marks[name]) for name in columns]
        person = row.student
        name = (
            ", ".join(part for part in (person.last_name, person.first_name) if part) or person.id
        )
        return [name, "", person.id, person.id, "", *marks, _number(row.total)]


def _number(mark: float | None) -> str:
    return "" if mark is None else f"{mark:g}"


def safe(value: str) -> str:
    """Text that a spreadsheet would run as a formula gets a leading apostrophe; numbers stay as
    they are."""
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


FORMATS = {"csv": CsvExporter, "moodle": MoodleExporter, "canvas": CanvasExporter}


def export(course: Course, assignment: str, kind: str, path: str) -> list[str]:
    """Write the marks of `assignment` to `path` in one of FORMATS. Returns the students whose marks
    were left out, since a person must look at their submissions first."""
    plugin = FORMATS[kind](to=path, assignment=[assignment])
    with gradebooks.opened(course) as gradebook:
        plugin.export(gradebook)
    return sorted(set(plugin.review))
