"""The command `ntk audit`: its arguments, its progress on standard error, its exit code."""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..printing import print_json
from .common import Commands, add_json, course_of, positive

if TYPE_CHECKING:
    from rich.console import Console

    from ..assignment.exam import Exam
    from ..audit.answers import Answer
    from ..course import Course


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
        help="at most N of an exercise (default: 100, of an answer with ordinary tests 20; all: "
        "every one)",
    )
    parser.add_argument(
        "--figure",
        type=Path,
        metavar="FILE",
        help="draw the trainings against their thresholds (.svg, .png), one file an exercise that "
        "trains: its id is put after FILE's name",
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
    from ..audit.answers import AuditError, master_answers
    from ..audit.ordinary import has_ordinary

    course = course_of(arguments)
    names = [arguments.assignment] if arguments.assignment else course.assignments()
    exams = [course.exam(name) for name in names]
    masters: dict[str, Answer] = {}
    for exam in exams:
        masters |= master_answers(exam)
    ordinary = [exam for exam in exams if has_ordinary(exam)]
    if not masters and not ordinary:
        raise AuditError(f"{' '.join(names) or course.root} has no exercise with hidden tests.")
    unknown = sorted(set(arguments.exercise) - set(masters))
    if unknown:
        known = f": choose of {', '.join(masters)}" if masters else " with a check"
        raise AuditError(f"No exercise {', '.join(unknown)}{known}.")
    if course.marking.sandbox == "bwrap" and (ordinary or not arguments.light):
        from ..sandbox.available import probe_sandbox

        probe_sandbox()
    body: dict[str, Any] = {}
    failed = False
    if masters:
        failed = _checks(arguments, course, exams, masters, body)
    for exam in ordinary if not arguments.exercise else ():
        failed = _ordinary(arguments, course, exam, body) or failed
    if arguments.json:
        print_json(body)
    return 1 if failed else 0


def _checks(
    arguments: argparse.Namespace,
    course: Course,
    exams: list[Exam],
    masters: dict[str, Answer],
    body: dict[str, Any],
) -> bool:
    """Audit the exercises that have a check. Returns whether a tolerance is not kept."""
    from rich.console import Console

    from ..audit import page
    from ..audit.answers import AuditError
    from ..audit.figure import draw
    from ..audit.hostile import Where
    from ..audit.plan import FULL, LIGHT
    from ..audit.run import audit
    from ..audit.table import print_audit
    from ..checks.registry import Registry
    from ..marking.terms import terms_of
    from ..progress import Telling

    brought = dict(pair for exam in exams for pair in exam.registry.brought)
    checks = Registry(tuple(brought.items()), tuple(course.marking.checks))
    folder = arguments.answers or course.root / "tests" / "answers"
    if not folder.is_dir():
        raise AuditError(f"{folder} is not there: name the folder of answers with --answers DIR.")
    if arguments.figure and (arguments.light or arguments.figure.suffix not in (".svg", ".png")):
        raise AuditError("--figure needs the full audit, and a file that ends in .svg or .png.")
    if arguments.figure and find_spec("matplotlib") is None:
        raise AuditError("--figure needs matplotlib: install it beside the grader.")
    if course.marking.python:
        print(
            "ntk audit: answers and mutants run in the grader's own Python, not in that of "
            "c.Marking.python: what they import must be here too.",
            file=sys.stderr,
        )
    plan = LIGHT if arguments.light else FULL
    if arguments.mutants is not None:
        plan = replace(plan, mutants=None if arguments.mutants == "all" else arguments.mutants)
    chosen = [name for name in masters if not arguments.exercise or name in arguments.exercise]
    where = Where(terms_of(course.marking, course.root), checks)
    with Telling(Console(stderr=True), threads=False) as telling:
        found = audit(
            " ".join(exam.assignment for exam in exams),
            chosen,
            folder,
            masters,
            plan,
            where,
            _workers(arguments),
            telling.progress,
        )
    if arguments.figure:
        draw(found, arguments.figure)
    if arguments.mistakes:
        page.write(found, arguments.mistakes)
    body |= found.to_json()
    if not arguments.json:
        print_audit(found, _wide())
    return bool(found.faults())


def _ordinary(
    arguments: argparse.Namespace, course: Course, exam: Exam, body: dict[str, Any]
) -> bool:
    """Audit an assignment's ordinary tests. Returns whether something is wrong for certain."""
    from rich.console import Console

    from ..audit.ordinary import MUTANTS, audit_ordinary
    from ..audit.ordinary_table import print_ordinary
    from ..marking.terms import terms_of
    from ..progress import Telling

    most = arguments.mutants or (5 if arguments.light else MUTANTS)
    with Telling(Console(stderr=True)) as telling:
        found = audit_ordinary(
            exam,
            terms_of(course.marking, course.root),
            None if most == "all" else most,
            _workers(arguments),
            telling.progress,
        )
    body.setdefault("ordinary", []).append(found.to_json())
    if not arguments.json:
        print_ordinary(found, _wide())
    return bool(found.faults())


def _workers(arguments: argparse.Namespace) -> int:
    return arguments.workers or min(8, os.cpu_count() or 1)


def _wide() -> Console:
    from rich.console import Console

    console = Console()
    return console if console.is_terminal else Console(width=max(console.width, 150))
