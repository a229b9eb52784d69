"""What the commands share: the course, arguments that are numbers."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import OneLine

if TYPE_CHECKING:
    from ..course import Course

Commands = Any  # argparse's own type for the action of add_subparsers is private


def add_course(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--course", type=Path, metavar="DIR", help="the course folder (default: the nearest)"
    )


def add_json(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--json", action="store_true", help="print JSON and nothing else on standard output"
    )


def course_of(arguments: argparse.Namespace, near: Path | None = None) -> Course:
    """The course that the arguments name, else that of the working directory, else that of
    `near`."""
    from ..course import Course, CourseError

    if arguments.course:
        return Course(arguments.course)
    try:
        return Course.find()
    except CourseError:
        if near is None:
            raise
        return Course.find(near)


def unwritable(path: Path, error: OSError) -> OneLine:
    return OneLine(f"{path} cannot be written: {error.strerror}: name another file with --to.")


def positive(text: str) -> int:
    """An argument that is a positive number."""
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a positive number")
    return int(text)
