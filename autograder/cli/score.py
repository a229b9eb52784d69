"""`ntk score`: one notebook or folder, without a gradebook."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import EXIT_FAILED, EXIT_OK, OneLine
from ..printing import print_json
from .common import Commands, add_json, course_of

if TYPE_CHECKING:
    from ..marking.result import Result


def add_parser(commands: Commands) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(
        "score", help="mark one notebook or folder, without a gradebook"
    )
    command.add_argument(
        "path", type=Path, metavar="PATH", help="a submitted notebook, or a folder of them"
    )
    add_json(command)
    command.add_argument(
        "--assignment",
        metavar="NAME",
        help="the assignment, where it cannot be told from the names",
    )
    command.add_argument("--seed", type=int, metavar="N", help="replay the checks with this seed")
    command.add_argument(
        "--sandbox",
        choices=["bwrap", "none"],
        help="where student code runs (default: the course's)",
    )
    command.add_argument(
        "--keep", type=Path, metavar="DIR", help="write the executed notebooks there"
    )
    command.add_argument("--timings", action="store_true", help="show where the time went")
    command.add_argument(
        "--debug",
        action="store_true",
        help="show each sandbox's command line, and what its kernel wrote on standard error",
    )
    return command


def run(arguments: argparse.Namespace) -> int:
    from dataclasses import replace

    from ..marking.judged import judged
    from ..marking.mark import mark
    from ..marking.result import Status
    from ..marking.terms import terms_of
    from ..submission.files import choose_exam, read_submission

    path = arguments.path
    if not path.exists() and not path.is_symlink():
        raise OneLine(f"{path} does not exist: name a submitted notebook or a folder of them.")
    course = course_of(arguments, path.resolve().parent)
    named = [arguments.assignment] if arguments.assignment else course.assignments()
    exam = choose_exam([course.exam(name) for name in named], path)
    finding = read_submission(path, exam)
    if not path.is_dir() and set(finding.files) < {n.name for n in exam.notebooks}:
        exam = exam.only(set(finding.files))
    terms = terms_of(course.marking, course.root)
    terms = replace(terms, sandbox=arguments.sandbox or terms.sandbox)
    if terms.sandbox == "none":
        print(
            "ntk score: no sandbox: student code runs as you, with your files and network.",
            file=sys.stderr,
        )
    if arguments.debug:
        _tell_everything()
    idle = os.cpu_count() or 1
    result = mark(exam, finding.files, terms, arguments.seed, at_once=idle)
    result = judged(result, finding)
    if arguments.keep:
        _keep(result, arguments.keep)
    if arguments.json:
        print_json(result.to_json())
    else:
        _show(result, arguments.timings)
    return EXIT_FAILED if result.status is Status.INFRASTRUCTURE_ERROR else EXIT_OK


def _tell_everything() -> None:
    import logging

    log = logging.getLogger("autograder.sandbox")
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(name)s: %(message)s"))
    log.addHandler(handler)
    log.setLevel(logging.DEBUG)


def _show(result: Result, timings: bool) -> None:
    from rich.console import Console

    from ..reports.table import print_result

    print_result(result, Console())
    for notebook in result.notebooks if timings else ():
        for name, seconds in notebook.timings.items():
            print(f"{notebook.name:45} {name:22} {seconds:6.2f} s")


def _keep(result: Result, folder: Path) -> None:
    import nbformat

    folder.mkdir(parents=True, exist_ok=True)
    for notebook in result.notebooks:
        nbformat.write(notebook.notebook, folder / f"{notebook.name}.ipynb")
