"""The audit of an assignment with ordinary tests, in the terminal."""

from __future__ import annotations

from rich.console import Console

from ..text import shown
from .ordinary import OrdinaryAudit
from .table import table

LISTED = 40  # survivors


def print_ordinary(audit: OrdinaryAudit, console: Console) -> None:
    """Survivors first, the summary last."""
    for tried in audit.survivors[:LISTED]:
        console.print(shown(f"{tried.mutant.answer}, {tried.mutant.kind}: no test notices"))
        for line in tried.mutant.change.splitlines():
            console.print(shown(f"    {line}"), style="dim")
    if len(audit.survivors) > LISTED:
        console.print(f"… and {len(audit.survivors) - LISTED} more (--json lists them all).")
    _criteria(audit, console)
    made = table(
        f"The tests of {audit.assignment}, put to the test",
        ("test", "left"),
        ("points", "right"),
        ("master", "right"),
        ("released\nstub", "right"),
        ("mutants\nnoticed", "right"),
        ("nobody\nelse did", "right"),
        ("", "left"),
    )
    for test in audit.tests.values():
        word = "" if test.noticed else "notices nothing"
        made.add_row(
            shown(test.exercise),
            *(f"{value:g}" for value in (test.points, test.master, test.stub)),
            str(test.noticed),
            str(test.alone),
            word,
        )
    console.print(made)
    for answer, why in audit.said.items():
        console.print(shown(f"{answer} has no mutants: {why}."), style="dim")
    killed = len(audit.mutants) - len(audit.survivors)
    console.print(
        f"{killed} of {len(audit.mutants)} mutants are noticed, {len(audit.survivors)} are not; "
        f"some of these may be right answers too. {audit.seconds:.0f} s."
    )
    for fault in audit.faults():
        console.print(shown(fault), style="red")


def _criteria(audit: OrdinaryAudit, console: Console) -> None:
    counts = audit.criteria()
    if not counts:
        return
    made = table(
        "What notices mutants", ("test", "left"), ("criterion", "left"), ("of them", "right")
    )
    for (test, name), number in sorted(counts.items()):
        made.add_row(shown(test), shown(name), str(number))
    console.print(made)
