"""What `ntk collect` says: who was collected, who was not and why, or JSON alone."""

from __future__ import annotations

from dataclasses import asdict

from ..classroom.collect import Collected
from ..printing import console, print_json, table
from ..text import one_line, shown

NAME, WORDS = 100, 200  # characters


def print_collected(outcome: Collected, as_json: bool) -> None:
    """A table of those that a person should look at and a summary, or JSON alone."""
    if as_json:
        print_json(asdict(outcome))
        return
    say = console().print
    rows = [(name, "not matched", why) for name, why in outcome.unmatched.items()]
    rows += [(name, "failed", why) for name, why in outcome.failed.items()]
    rows += [(student, "older: kept what is there", "") for student in outcome.older]
    rows += [(student, "note", "; ".join(notes)) for student, notes in outcome.notes.items()]
    if rows:
        made = table(("student", "left"), ("", "left"), ("", "left"))
        for name, state, words in rows:
            made.add_row(shown(one_line(name, NAME)), state, shown(one_line(words, WORDS)))
        say(made)
    say(
        f"{len(outcome.collected)} collected ({len(outcome.replaced)} in place of an earlier one), "
        f"{len(outcome.unchanged)} unchanged, {len(outcome.older)} older than what is there, "
        f"{len(outcome.unmatched)} not matched, {len(outcome.failed)} failed."
    )
    if outcome.one_time and outcome.collected:
        say(
            "All files have nearly the same time, perhaps that of the download: late penalties "
            "would go by it."
        )
    if outcome.unmatched or outcome.replaced:
        say(shown(f"What was not matched or was replaced lies in {outcome.kept}."))
    if outcome.unmatched:
        say(shown("Say who somebody is with --match 'NAME OR NUMBER=ID', and run again."))
