"""`ntk report`: one HTML file about a marked class."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..errors import EXIT_OK
from .common import Commands, course_of, unwritable


def add_parser(commands: Commands) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(
        "report", help="write one HTML file about a marked class"
    )
    command.add_argument("assignment", metavar="ASSIGNMENT")
    command.add_argument(
        "--to", type=Path, metavar="FILE", help="default: reports/<assignment>.html in the course"
    )
    return command


def run(arguments: argparse.Namespace) -> int:
    from ..reports.report import write_report

    course = course_of(arguments)
    path = arguments.to or course.root / "reports" / f"{arguments.assignment}.html"
    try:
        print(f"Report: {write_report(course, arguments.assignment, path)}")
    except OSError as error:
        raise unwritable(path, error) from error
    return EXIT_OK
