"""`ntk release`: the student version of an assignment."""

from __future__ import annotations

import argparse
import sys

from ..errors import EXIT_OK
from .common import Commands, course_of


def add_parser(commands: Commands) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(
        "release", help="make the student version of an assignment"
    )
    command.add_argument("assignment", metavar="ASSIGNMENT")
    return command


def run(arguments: argparse.Namespace) -> int:
    from ..authoring.release import release

    name = arguments.assignment
    folder = release(course_of(arguments), name, lambda text: print(text, file=sys.stderr))
    print(f"Released {name} to {folder}: the masters earn full marks and nothing leaks.")
    return EXIT_OK
