"""`ntk explain`: one exercise of one student, replayed."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ..errors import EXIT_FAILED, EXIT_OK
from ..printing import print_json
from .common import Commands, add_json, course_of


def add_parser(commands: Commands) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(
        "explain",
        help="replay one exercise of a student: what came back against what was expected",
    )
    command.add_argument("student", metavar="STUDENT")
    command.add_argument("exercise", metavar="EXERCISE")
    command.add_argument("--assignment", metavar="NAME", help="where several have such an exercise")
    command.add_argument(
        "--save", type=Path, metavar="DIR", help="write the arrays there, one .npz a criterion"
    )
    add_json(command)
    return command


def run(arguments: argparse.Namespace) -> int:
    from rich.console import Console

    from ..reports.explain import assignment_with, explain
    from ..reports.explain_view import print_explanation, save, to_json

    course = course_of(arguments)
    assignment = arguments.assignment or assignment_with(course, arguments.exercise)
    print(f"Replaying {arguments.exercise} of {arguments.student} …", file=sys.stderr)
    found = explain(course, assignment, arguments.student, arguments.exercise)
    files = save(found, arguments.save) if arguments.save else []
    if arguments.json:
        print_json(to_json(found))
    else:
        print_explanation(found, Console(width=None if sys.stdout.isatty() else 140))
        for path in files:
            print(f"Arrays: {path}")
    return EXIT_OK if found.agrees else EXIT_FAILED
