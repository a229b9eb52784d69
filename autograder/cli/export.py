"""`ntk export`: marks per exercise, for a spreadsheet, Moodle or Canvas."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ..errors import EXIT_OK
from .common import Commands, course_of, unwritable


def add_parser(commands: Commands) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(
        "export", help="marks per exercise, for a spreadsheet, Moodle or Canvas"
    )
    command.add_argument("assignment", metavar="ASSIGNMENT")
    command.add_argument("--format", choices=["csv", "moodle", "canvas"], default="csv")
    command.add_argument(
        "--to", type=Path, metavar="FILE", help="default: <assignment>-<format>.csv"
    )
    return command


def run(arguments: argparse.Namespace) -> int:
    from ..exporters import export

    course = course_of(arguments)
    course.exam(arguments.assignment)  # says so when there is no such assignment
    path = arguments.to or Path(f"{arguments.assignment}-{arguments.format}.csv")
    try:
        waiting = export(course, arguments.assignment, arguments.format, str(path))
    except OSError as error:
        raise unwritable(path, error) from error
    print(f"Marks: {path}")
    if waiting:
        print(
            f"ntk export: left empty, since a person must look first: {', '.join(waiting)}: see "
            f"`ntk settle {arguments.assignment} STUDENT`.",
            file=sys.stderr,
        )
    return EXIT_OK
