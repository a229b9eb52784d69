"""`ntk settle`: the decision about a submission that a person must look at."""

from __future__ import annotations

import argparse

from ..errors import EXIT_FAILED, EXIT_OK
from .common import Commands, add_json, course_of


def add_parser(commands: Commands) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(
        "settle", help="decide about a submission that a person must look at"
    )
    command.add_argument("assignment", metavar="ASSIGNMENT")
    command.add_argument("student", metavar="STUDENT")
    command.add_argument(
        "--take",
        action="append",
        default=[],
        metavar="FILE",
        help="take this file of the submission for the notebook that it is, or as NOTEBOOK=FILE, "
        "and mark again (repeatable; without it the marks are accepted as they are)",
    )
    command.add_argument("--undo", action="store_true", help="forget what was settled")
    add_json(command)
    return command


def run(arguments: argparse.Namespace) -> int:
    from ..classroom.settle import settle
    from ..errors import OneLine
    from ..reports.outcome import print_outcome
    from ..text import strip_controls

    if arguments.undo and arguments.take:
        raise OneLine("--undo takes nothing back in: leave out --take.")
    course = course_of(arguments)
    exam = course.exam(arguments.assignment)
    settled = settle(
        course, arguments.assignment, arguments.student, arguments.take, undo=arguments.undo
    )
    if not arguments.json:
        print(*map(strip_controls, settled.said), sep="\n")
    print_outcome(settled.outcome, exam, arguments.json)
    return EXIT_FAILED if settled.outcome.failed else EXIT_OK
