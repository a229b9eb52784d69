"""The command `ntk audit`: its arguments, its progress on standard error, its exit code."""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from time import monotonic

LINE_SECONDS = 20.0  # between two lines of progress where there is no terminal


def add_parser(commands) -> argparse.ArgumentParser:
    """Add `audit` to the sub-commands of `ntk`."""
    parser = commands.add_parser(
        "audit",
        help="put the hidden tests to the test: wrong answers, mutants, hostile ones, chance",
    )
    parser.add_argument(
        "assignment", metavar="ASSIGNMENT", nargs="?", help="default: every assignment"
    )
    parser.add_argument(
        "--exercise", action="append", default=[], metavar="E", help="only this one (repeatable)"
    )
    parser.add_argument(
        "--workers",
        type=_count,
        metavar="N",
        help="children at once (default: one a core, at most 8)",
    )
    parser.add_argument(
        "--json", action="store_true", help="print JSON and nothing else on standard output"
    )
    parser.add_argument(
        "--light",
        action="store_true",
        help="few mutants and seeds, no training, no sandbox: a minute",
    )
    parser.add_argument(
        "--answers", type=Path, metavar="DIR", help="default: tests/answers of the course folder"
    )
    parser.add_argument(
        "--mutants",
        type=_limit,
        metavar="N",
        help="at most N of an exercise (default: 100; all: every one)",
    )
    parser.add_argument(
        "--figure",
        type=Path,
        metavar="FILE",
        help="draw the trainings against their thresholds (.svg, .png)",
    )
    parser.add_argument(
        "--mistakes",
        type=Path,
        metavar="FILE",
        help="write what each wrong answer is told, as a Markdown page",
    )
    return parser


def _count(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a positive number")
    return int(text)


def _limit(text: str) -> int | str:
    return text if text == "all" else _count(text)


def run(arguments: argparse.Namespace, course) -> int:
    """Audit and print. Returns 0 when every tolerance is kept, else 1. Raises AuditError and the
    like."""
    # One thread here, before NumPy and torch are loaded: a process that computes with more must not
    # be forked.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    # two threads that wait for each other leave the core to others
    os.environ["OMP_WAIT_POLICY"] = "PASSIVE"
    from . import page as mistakes
    from .answers import AuditError, master_answers
    from .figure import draw
    from .plan import FULL, LIGHT
    from .run import audit
    from .table import print_audit

    names = [arguments.assignment] if arguments.assignment else course.assignments()
    masters = {}
    for name in names:
        masters |= master_answers(course.exam(name))
    if not masters:
        raise AuditError(f"{' '.join(names) or course.root} has no exercise with hidden tests.")
    unknown = sorted(set(arguments.exercise) - set(masters))
    if unknown:
        raise AuditError(f"No exercise {', '.join(unknown)}: choose of {', '.join(masters)}.")
    folder = arguments.answers or course.root / "tests" / "answers"
    if not folder.is_dir():
        raise AuditError(f"{folder} is not there: name the folder of answers with --answers DIR.")
    if arguments.figure and (arguments.light or arguments.figure.suffix not in (".svg", ".png")):
        raise AuditError("--figure needs the full audit, and a file that ends in .svg or .png.")
    plan = LIGHT if arguments.light else FULL
    if arguments.mutants is not None:
        plan = replace(plan, mutants=None if arguments.mutants == "all" else arguments.mutants)
    if plan.sandbox and course.marking.sandbox == "bwrap":
        from ..sandbox.available import probe_sandbox

        probe_sandbox()
    workers = arguments.workers or min(8, os.cpu_count() or 1)
    chosen = [name for name in masters if not arguments.exercise or name in arguments.exercise]
    with Telling() as told:
        found = audit(
            " ".join(names),
            chosen,
            folder,
            masters,
            plan,
            workers,
            course.marking.sandbox,
            told.progress,
        )
    if arguments.figure:
        draw(found, arguments.figure)
    if arguments.mistakes:
        mistakes.write(found, arguments.mistakes)
    if arguments.json:
        json.dump(found.to_json(), sys.stdout, indent=1)
        print()
    else:
        from rich.console import Console

        console = Console()
        print_audit(
            found, console if console.is_terminal else Console(width=max(console.width, 150))
        )
    return 1 if found.faults() else 0


class Telling:
    """Progress on standard error: a bar in a terminal, else a line now and then. It starts no
    thread (children fork)."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import Progress, TimeElapsedColumn, TimeRemainingColumn

        self.console = Console(stderr=True)
        columns = Progress.get_default_columns()[:-1]
        self.bar = Progress(
            *columns,
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=self.console,
            auto_refresh=False,
        )
        self.task, self.stage, self.said = None, "", -LINE_SECONDS

    def __enter__(self) -> Telling:
        if self.console.is_terminal:
            self.bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.console.is_terminal:
            self.bar.stop()

    def progress(self, stage: str, done: int, total: int) -> None:
        if self.console.is_terminal:
            if stage != self.stage:
                self.task = self.bar.add_task(stage, total=total or None)
            self.bar.update(self.task, completed=done, total=total or None)
            self.bar.refresh()
        elif stage != self.stage or monotonic() - self.said > LINE_SECONDS:
            self.said = monotonic()
            print(
                f"{stage}: {done} of {total}" if total else f"{stage} …",
                file=sys.stderr,
                flush=True,
            )
        self.stage = stage
