"""`ntk export`: marks per exercise, for a spreadsheet, Moodle or Canvas; feedback for Moodle."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import EXIT_OK
from ..text import one_line
from .common import Commands, course_of, unwritable

if TYPE_CHECKING:
    from ..course import Course

FEEDBACK = "moodle-feedback"


def add_parser(commands: Commands) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(
        "export",
        help="marks per exercise, for a spreadsheet, Moodle or Canvas; feedback for Moodle",
    )
    command.add_argument("assignment", metavar="ASSIGNMENT")
    command.add_argument("--format", choices=["csv", "moodle", "canvas", FEEDBACK], default="csv")
    command.add_argument(
        "--to",
        type=Path,
        metavar="FILE",
        help=f"default: <assignment>-<format>.csv ({FEEDBACK}: .zip)",
    )
    return command


def run(arguments: argparse.Namespace) -> int:
    from ..exporters import export

    course = course_of(arguments)
    course.exam(arguments.assignment)  # says so when there is no such assignment
    ending = "zip" if arguments.format == FEEDBACK else "csv"
    path = arguments.to or Path(f"{arguments.assignment}-{arguments.format}.{ending}")
    try:
        if arguments.format == FEEDBACK:
            return _feedback(course, arguments.assignment, path)
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


def _feedback(course: Course, assignment: str, path: Path) -> int:
    from ..reports.feedback import pack

    packed = pack(course, assignment, path)
    for who, why in (
        (packed.without, f"no feedback yet (`nbgrader generate_feedback {assignment}`)"),
        (packed.nameless, "no folder in an archive of Moodle's that `ntk collect` took"),
    ):
        if who:
            print(f"Left out: {one_line(', '.join(who), 2000)}: {why}.", file=sys.stderr)
    print(f"Feedback of {len(packed.students)}: {path}")
    return EXIT_OK
