"""`ntk notebooks`: the masters and their texts."""

from __future__ import annotations

import argparse
import sys

from ..errors import EXIT_FAILED, EXIT_OK
from .common import Commands, course_of


def add_parser(commands: Commands) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(
        "notebooks", help="sync the masters with their texts and run them"
    )
    command.add_argument(
        "assignment", metavar="ASSIGNMENT", nargs="?", help="default: every assignment"
    )
    command.add_argument(
        "--check", action="store_true", help="change nothing; fail when something is not current"
    )
    command.add_argument("--no-run", action="store_true", help="sync only")
    command.add_argument(
        "--prefer", choices=["text", "notebook"], help="which side wins when both were edited"
    )
    return command


def run(arguments: argparse.Namespace) -> int:
    from ..authoring.masters import check, renew

    course = course_of(arguments)
    faults: list[str] = []
    for name in [arguments.assignment] if arguments.assignment else course.assignments():
        folder, packages = course.source / name, course.marking.checks
        if arguments.check:
            faults += check(folder, packages)
        else:
            runs = not (arguments.no_run or faults)
            faults += renew(folder, packages, prefer=arguments.prefer, execute=runs)
    for fault in faults:
        print(fault, file=sys.stderr)
    return EXIT_FAILED if faults else EXIT_OK
