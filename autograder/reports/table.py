"""Marks as tables for a terminal."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Console
from rich.table import Table

from ..assignment.exam import Exam
from ..marking.result import ExerciseResult, Result, Status
from ..printing import table
from ..text import shown


def _earned(exercise: ExerciseResult) -> str:
    return "by hand" if exercise.manual else f"{exercise.points:g}/{exercise.max_points:g}"


def class_table(exam: Exam, rows: Mapping[str, Mapping], title: str | None = None) -> Table:
    """One row a submission ({"points": {exercise: points or None}, "seconds"}), one column an
    exercise.

    None stands for marks that a person still has to give. A submission that a person must look at
    has REVIEW in place of its sum.
    """
    made = table(title=title, padding=(0, 1))
    made.add_column("submission", no_wrap=True)
    # in a narrow terminal the exercises at the right are cut, not the sum or what stands for it
    made.add_column(f"points\n/{exam.max_points:g}", justify="right", no_wrap=True, min_width=6)
    cells = [cell for notebook in exam.notebooks for cell in notebook.graded()]
    for cell in cells:
        check = exam.registry.find(cell.exercise)
        head = check.short if check else cell.exercise
        made.add_column(f"{head}\n/{cell.points:g}", justify="right", no_wrap=True)
    made.add_column("s", justify="right")
    for name, row in rows.items():
        points = row["points"]
        marks = [
            "–" if points[cell.exercise] is None else f"{points[cell.exercise]:g}" for cell in cells
        ]
        total = sum(value for value in points.values() if value is not None)
        looked = "REVIEW" if row.get("status") == Status.REVIEW else f"{total:g}"
        style = "bold reverse" if looked == "REVIEW" else None
        made.add_row(shown(name), looked, *marks, f"{row['seconds']:.0f}", style=style)
    return made


def print_result(result: Result, console: Console) -> None:
    """One submission in full: every criterion with its sentence, then incidents."""
    made = table(
        ("exercise", "left"), ("points", "right"), ("criterion", "left"), ("", "left"), ("", "left")
    )
    for notebook in result.notebooks:
        for exercise in notebook.exercises:
            rows = exercise.verdict.criteria if exercise.verdict else ()
            made.add_row(exercise.id, _earned(exercise), *([""] * 3), style="bold")
            for c in rows:
                state = "[green]passed[/]" if c.passed else "[red]not yet[/]"
                score = f"{c.points:g}/{c.max_points:g}" if c.max_points else "–"
                made.add_row("", score, shown(c.name), state, shown(c.message))
    console.print(made)
    for incident in result.to_json()["incidents"]:
        console.print(shown(f"incident: {incident}"))
    for reason in result.reasons:
        console.print(shown(f"REVIEW: {reason}"), style="bold")
    console.print(
        f"{result.points:g} of {result.max_points:g} points in {result.seconds:.1f} s "
        f"({result.status})"
    )
