"""`ntk collect`: the archive that Moodle or Canvas makes of all hand-ins, into `submitted/`."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..errors import EXIT_FAILED, EXIT_OK, OneLine
from .common import Commands, add_json, course_of


def add_parser(commands: Commands) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(
        "collect", help="put the archive that Moodle or Canvas makes into submitted/"
    )
    command.add_argument("assignment", metavar="ASSIGNMENT")
    command.add_argument(
        "archive", type=Path, metavar="ARCHIVE", help="the zip, or the folder it was unpacked into"
    )
    command.add_argument(
        "--students",
        type=Path,
        metavar="CSV",
        help="a list of the students, as the platform exports it (default: the gradebook's)",
    )
    command.add_argument(
        "--id",
        default="",
        metavar="COLUMN",
        help="the list's column with nbgrader's ids, or email-name for what stands before the @ "
        "(default: the first of SIS Login ID, Username, ID number, SIS User ID and email-name that "
        "most students have)",
    )
    command.add_argument(
        "--match",
        action="append",
        type=_pair,
        default=[],
        metavar="NAME=ID",
        help="whoever has this name or number in the archive is the student ID (repeatable)",
    )
    add_json(command)
    return command


def run(arguments: argparse.Namespace) -> int:
    from ..classroom.collect import collect
    from ..classroom.roster import Roster, of_gradebook
    from ..classroom.roster_csv import read_people
    from ..reports.collected import print_collected

    course = course_of(arguments)
    course.exam(arguments.assignment)  # says so when there is no such assignment
    if arguments.id and not arguments.students:
        raise OneLine("--id names a column of a list of students: give the list with --students.")
    people = of_gradebook(course)
    if arguments.students:
        known = [person.id for person in people]
        people = read_people(arguments.students, arguments.id, known)
    roster = Roster(people, dict(arguments.match))
    outcome = collect(course, arguments.assignment, arguments.archive, roster)
    print_collected(outcome, arguments.json)
    return EXIT_OK if outcome.complete else EXIT_FAILED


def _pair(text: str) -> tuple[str, str]:
    name, sign, student = text.rpartition("=")
    if not (sign and name.strip() and student.strip()):
        raise argparse.ArgumentTypeError(f"{text} is not NAME=ID")
    return name.strip(), student.strip()
