"""An audit in the terminal: what caught the wrong answers, what each criterion decides, survivors,
and the summary."""

from __future__ import annotations

from collections.abc import Callable

from rich.console import Console
from rich.table import Table

from .. import printing
from ..printing import Column
from ..text import shown
from .chance import upper_bound
from .outcome import Audit, Exercise, Judged


def print_audit(audit: Audit, console: Console) -> None:
    """Everything, the summary last."""
    for exercise in audit.exercises:
        _wrong(exercise, console)
    console.print(_criteria(audit))
    for exercise in audit.exercises:
        _findings(exercise, console)
    console.print(_summary(audit))
    _notes(audit, console)
    for fault in audit.faults():
        console.print(shown(fault), style="red")
    if not audit.faults():
        console.print("Every tolerance is kept.", style="green")


def table(title: str, *columns: Column) -> Table:
    """An empty table; columns: (head, side)."""
    return printing.table(*columns, title=title, title_justify="left", padding=(0, 1))


def _wrong(exercise: Exercise, console: Console) -> None:
    if not exercise.wrong:
        return
    made = table(
        f"{exercise.id}: what caught the wrong answers",
        ("answer", "left"),
        ("points", "right"),
        ("caught by", "left"),
    )
    for a in exercise.wrong:
        caught = ", ".join(a.lost) or a.failure or "nothing"
        made.add_row(shown(a.name), f"{a.points:g}/{a.max_points:g}", shown(caught))
    console.print(made)


def _criteria(audit: Audit) -> Table:
    made = table(
        "What each criterion decides (alone: it is the only one that is lost)",
        ("exercise", "left"),
        ("criterion", "left"),
        ("points", "right"),
        ("wrong\nanswers", "right"),
        ("alone", "right"),
        ("mutants", "right"),
        ("alone", "right"),
        ("", "left"),
    )
    for exercise in audit.exercises:
        for name, n in exercise.caught().items() if exercise.wrong else ():
            alone = n["wrong alone"] + n["mutants alone"]
            word = (
                ""
                if alone
                else "decides nothing alone"
                if n["wrong"] + n["mutants"]
                else "never lost"
            )
            made.add_row(
                exercise.id,
                shown(name),
                f"{exercise.criteria[name]:g}",
                *(str(n[key]) for key in ("wrong", "wrong alone", "mutants", "mutants alone")),
                word,
            )
    return made


def _findings(exercise: Exercise, console: Console) -> None:
    for kind, good in (("right", False), ("wrong", True)):
        for a in getattr(exercise, kind):
            if (a.points == a.max_points) is good:
                why = "; ".join(f"{k}: {v}" for k, v in a.lost.items()) or a.failure or "all points"
                console.print(
                    shown(f"{exercise.id}/{a.name}, {a.points:g} points. {why}"), style="red"
                )
    for a in exercise.hostile:
        if a.points or a.sandboxed:
            where = "in the sandbox" if a.sandboxed else "in process"
            console.print(shown(f"{exercise.id}/{a.name} gained {where}."), style="red")
    for m in exercise.survivors:
        _mutant(exercise, m, f"survives ({m.differs}); " + (m.reason or "not explained"), console)
    for m in exercise.strict:
        lost = ", ".join(m.lost) or m.failure
        _mutant(exercise, m, f"agrees with the reference and is rejected ({lost})", console)
    for fail in exercise.chance.fails[:10]:
        console.print(shown(f"{exercise.id}: false fail {fail}"), style="red")


def _mutant(exercise: Exercise, m: Judged, word: str, console: Console) -> None:
    console.print(shown(f"{exercise.id}/{m.answer}, {m.kind}: {word}"))
    console.print(shown("\n".join(f"    {line}" for line in m.change.splitlines())), style="dim")


def _summary(audit: Audit) -> Table:
    made = table(
        "The hidden tests, put to the test",
        ("exercise", "left"),
        ("right\naccepted", "right"),
        ("wrong\nrejected", "right"),
        ("mutants\nkilled", "right"),
        ("of\nwrong", "right"),
        ("equi-\nvalent", "right"),
        ("of\nall", "right"),
        ("survivors\nexplained", "right"),
        ("hostile that gained\nprocess/sandbox", "right"),
        ("right ones\nagain", "right"),
        ("false\nfails", "right"),
        ("95 %\nbound", "right"),
    )
    for e in audit.exercises:
        made.add_row(e.id, *_row([e]))
    made.add_section()
    made.add_row("together", *_row(audit.exercises), style="bold")
    return made


def _row(exercises: list[Exercise]) -> list[str]:
    def total(count: Callable[[Exercise], int]) -> int:
        return sum(count(e) for e in exercises)

    killed, survivors = total(lambda e: len(e.killed)), total(lambda e: len(e.survivors))
    explained = total(lambda e: sum(m.reason is not None for m in e.survivors))
    trials, fails = total(lambda e: e.chance.trials), total(lambda e: len(e.chance.fails))
    hostile, tried = (
        total(lambda e: len(e.hostile)),
        total(lambda e: sum(a.sandboxed is not None for a in e.hostile)),
    )
    in_process, in_sandbox = total(lambda e: e.gained[0]), total(lambda e: e.gained[1])
    bound = upper_bound(fails, trials)
    return [
        f"{total(lambda e: e.accepted)}/{total(lambda e: len(e.right))}",
        f"{total(lambda e: e.rejected)}/{total(lambda e: len(e.wrong))}",
        str(killed),
        str(killed + survivors),
        str(total(lambda e: len(e.equivalents))),
        f"{total(lambda e: len(e.mutants))}/{total(lambda e: e.made)}",
        f"{explained}/{survivors}",
        f"{in_process}/{hostile}  {in_sandbox}/{tried}",
        f"{trials:,}".replace(",", " "),
        str(fails),
        f"{100 * bound:.2g} %" if trials else "–",
    ]


def _notes(audit: Audit, console: Console) -> None:
    for e in audit.exercises:
        if e.chance.trials:
            ways = (
                f"{e.chance.seeds} seeds, threads × default dtype: {', '.join(e.chance.settings)}"
            )
            console.print(shown(f"{e.id}: {ways}"), style="dim")
        for note in e.notes:
            console.print(shown(f"{e.id}: {note}"), style="dim")
    console.print(
        f"{audit.seconds:.0f} s with {audit.workers} workers ({audit.cpu_seconds:.0f} s of "
        "processor time)."
    )
