"""The command `ntk audit`: its arguments, its progress on standard error, its exit code."""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from pathlib import Path

from .common import Commands, add_json, course_of, positive, print_json


def add_parser(commands: Commands) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(
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
        type=positive,
        metavar="N",
        help="children at once (default: one a core, at most 8)",
    )
    add_json(parser)
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
        help="draw the trainings against their thresholds (.svg, .png), one file an exercise that trains: "
        "its id is put after FILE's name",
    )
    parser.add_argument(
        "--mistakes",
        type=Path,
        metavar="FILE",
        help="write what each wrong answer is told, as a Markdown page",
    )
    return parser


def _limit(text: str) -> int | str:
    return text if text == "all" else positive(text)


def run(arguments: argparse.Namespace) -> int:
    """Returns 0 when every tolerance is kept, else 1."""
    # One thread here, before NumPy and torch are loaded: a process that computes with more must not
    # be forked.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    # two threads that wait for each other leave the core to others
    os.environ["OMP_WAIT_POLICY"] = "PASSIVE"
    from rich.console import Console

    from ..audit import page
    from ..audit.answers import Answer, AuditError, master_answers
    from ..audit.figure import draw
    from ..audit.hostile import Where
    from ..audit.plan import FULL, LIGHT
    from ..audit.run import audit
    from ..audit.table import print_audit
    from ..checks.registry import Registry
    from ..marking.terms import terms_of
    from ..progress import Telling

    course = course_of(arguments)
    names = [arguments.assignment] if arguments.assignment else course.assignments()
    exams = [course.exam(name) for name in names]
    masters: dict[str, Answer] = {}
    for exam in exams:
        masters |= master_answers(exam)
    brought = dict(pair for exam in exams for pair in exam.registry.brought)
    checks = Registry(tuple(brought.items()), tuple(course.marking.checks))
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
    where = Where(terms_of(course.marking, course.root), checks)
    with Telling(Console(stderr=True), threads=False) as telling:
        found = audit(
            " ".join(names), chosen, folder, masters, plan, where, workers, telling.progress
        )
    if arguments.figure:
        draw(found, arguments.figure)
    if arguments.mistakes:
        page.write(found, arguments.mistakes)
    if arguments.json:
        print_json(found.to_json())
    else:
        console = Console()
        print_audit(
            found, console if console.is_terminal else Console(width=max(console.width, 150))
        )
    return 1 if found.faults() else 0
