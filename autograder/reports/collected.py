"""What `ntk collect` says: who was collected, who was not and why, or JSON alone."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

from rich import box
from rich.console import Console
from rich.table import Table

from ..classroom.collect import Collected
from ..text import one_line, shown

NAME, WORDS = 100, 200  # characters


def print_collected(outcome: Collected, as_json: bool) -> None:
    """A table of those that a person should look at and a summary, or JSON alone."""
    if as_json:
        json.dump(asdict(outcome), sys.stdout, indent=1)
        print()
        return
    console = Console(width=None if sys.stdout.isatty() else 160)
    rows = [(name, "not matched", why) for name, why in outcome.unmatched.items()]
    rows += [(name, "failed", why) for name, why in outcome.failed.items()]
    rows += [(student, "older: kept what is there", "") for student in outcome.older]
    rows += [(student, "note", "; ".join(notes)) for student, notes in outcome.notes.items()]
    if rows:
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        for head in ("student", "", ""):
            table.add_column(head)
        for name, state, words in rows:
            table.add_row(shown(one_line(name, NAME)), state, shown(one_line(words, WORDS)))
        console.print(table)
    console.print(
        f"{len(outcome.collected)} collected ({len(outcome.replaced)} in place of an earlier one), "
        f"{len(outcome.unchanged)} unchanged, {len(outcome.older)} older than what is there, "
        f"{len(outcome.unmatched)} not matched, {len(outcome.failed)} failed."
    )
    if outcome.one_time and outcome.collected:
        console.print(
            "All files have nearly the same time, perhaps that of the download: late penalties "
            "would go by it."
        )
    if outcome.unmatched or outcome.replaced:
        console.print(shown(f"What was not matched or was replaced lies in {outcome.kept}."))
    if outcome.unmatched:
        console.print(shown("Say who somebody is with --match 'NAME OR NUMBER=ID', and run again."))
