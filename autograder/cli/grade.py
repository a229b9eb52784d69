"""`ntk grade`: a class, into the gradebook."""

from __future__ import annotations

import argparse

from ..errors import EXIT_FAILED, EXIT_OK
from .common import Commands, add_json, course_of, positive


def add_parser(commands: Commands) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(
        "grade", help="mark a class and record it in the gradebook"
    )
    command.add_argument("assignment", metavar="ASSIGNMENT")
    command.add_argument(
        "--workers", type=positive, metavar="N", help="local processes (default: one a core)"
    )
    command.add_argument(
        "--scheduler", metavar="ADDRESS", help="an existing Dask cluster, as tcp://host:port"
    )
    command.add_argument(
        "--student", action="append", default=[], metavar="ID", help="only this one (repeatable)"
    )
    command.add_argument("--force", action="store_true", help="mark again what was marked before")
    command.add_argument(
        "--dry-run",
        action="store_true",
        help="show whose marks would change and why; record nothing",
    )
    add_json(command)
    return command


def run(arguments: argparse.Namespace) -> int:
    from ..classroom.grade import grade
    from ..classroom.in_order import How
    from ..classroom.preview import preview
    from ..reports.outcome import print_outcome, print_preview

    course = course_of(arguments)
    exam = course.exam(arguments.assignment)
    how = How(arguments.workers, arguments.scheduler, arguments.force)
    if arguments.dry_run:
        foreseen = preview(course, arguments.assignment, how, arguments.student)
        print_preview(foreseen, arguments.json)
        return EXIT_FAILED if foreseen.failed else EXIT_OK
    outcome = grade(course, arguments.assignment, how, arguments.student)
    print_outcome(outcome, exam, arguments.json)
    return EXIT_FAILED if outcome.failed else EXIT_OK
