"""What `ntk grade` and its dry run say: tables and summaries, or JSON alone."""

from __future__ import annotations

from dataclasses import asdict

from ..assignment.exam import Exam
from ..classroom.grade import Outcome
from ..classroom.preview import Difference, Preview
from ..printing import console, print_json, table
from ..text import shown
from .table import class_table


def print_outcome(outcome: Outcome, exam: Exam, as_json: bool) -> None:
    """The table and a summary, or JSON alone, on standard output."""
    if as_json:
        print_json(
            {
                "assignment": exam.assignment,
                "new": outcome.new,
                "stored": outcome.stored,
                "unchanged": outcome.unchanged,
                "failed": outcome.failed,
                "review": outcome.review,
                "submissions": outcome.rows,
            }
        )
        return
    say = console().print
    say(class_table(exam, {k: row for k, row in outcome.rows.items() if k not in outcome.failed}))
    for student, reason in outcome.failed.items():
        say(shown(f"{student}: {reason}"), style="red")
    for student, reasons in outcome.review.items():
        for reason in reasons:
            say(shown(f"REVIEW {student}: {reason}"), style="bold")
    if outcome.review:
        say(
            f"Look at these, then settle each: ntk settle {exam.assignment} STUDENT "
            "[--take FILE] (docs/settling.md).",
            markup=False,
        )
    say(
        f"{len(outcome.rows)} submissions: {outcome.new} marked now, {outcome.stored} taken from "
        f"the store ({outcome.unchanged} of them recorded before), {len(outcome.failed)} failed, "
        f"{len(outcome.review)} for review."
    )


def print_preview(preview: Preview, as_json: bool) -> None:
    """A table of changes and a summary, or JSON alone, on standard output."""
    if as_json:
        print_json(asdict(preview))
        return
    say = console().print
    made = table(("student", "left"), ("exercise", "left"), ("now", "right"), ("then", "right"))
    made.add_column("why", overflow="fold")
    for student, changes in preview.changes.items():
        because = "; ".join(preview.causes[student])
        made.add_row(
            shown(student), "", _total(changes, "before"), _total(changes, "after"), because
        )
        for d in changes:
            why = "\n".join(d.why)
            if d.by_hand is not None:
                why += f"\na person gave {d.by_hand:g}, which stays"
            made.add_row("", d.exercise, f"{d.before:g}", f"{d.after:g}", shown(why))
    if preview.changes:
        say(made)
    for student, reason in preview.failed.items():
        say(shown(f"{student}: {reason}"), style="red")
    sums = [sum(d.after - d.before for d in changes) for changes in preview.changes.values()]
    say(
        f"{sum(s > 0 for s in sums)} would gain, {sum(s < 0 for s in sums)} would lose, "
        f"{sum(s == 0 for s in sums)} would change within their sum, {preview.same} would keep "
        f"their marks, {len(preview.first)} have none yet, {len(preview.failed)} failed. "
        "Nothing was recorded."
    )


def _total(changes: list[Difference], which: str) -> str:
    return f"{sum(getattr(d, which) for d in changes):g}"
