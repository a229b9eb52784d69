"""`ntk watch`: marks and feedback while students work."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
from pathlib import Path
from time import strftime, time

from ..errors import EXIT_FAILED, EXIT_OK, OneLine
from ..printing import print_json
from .common import Commands, add_json, course_of, positive


def add_parser(commands: Commands) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(
        "watch", help="collect, mark and give feedback while students work"
    )
    command.add_argument(
        "assignments",
        nargs="*",
        metavar="ASSIGNMENT",
        help="what to watch (default: every assignment of the course)",
    )
    command.add_argument("--once", action="store_true", help="do what there is now, and end")
    command.add_argument(
        "--every", type=_seconds, default=5.0, metavar="SECONDS", help="between two looks (5)"
    )
    command.add_argument(
        "--workers", type=positive, metavar="N", help="local processes (default: one a core)"
    )
    command.add_argument(
        "--scheduler", metavar="ADDRESS", help="an existing Dask cluster, as tcp://host:port"
    )
    command.add_argument(
        "--nice",
        type=int,
        default=0,
        choices=range(20),
        metavar="N",
        help="let others have the processor first, up to 19 (0)",
    )
    command.add_argument(
        "--stay",
        action="store_true",
        help="for a service: where another watcher is at work, wait until it ends",
    )
    command.add_argument(
        "--status", action="store_true", help="say how the course's watcher is, and end"
    )
    add_json(command)
    return command


def run(arguments: argparse.Namespace) -> int:
    if arguments.json and not arguments.status:
        raise OneLine("--json is for --status.")
    course = course_of(arguments)
    if arguments.status:
        return _status(course.root, arguments.json)
    from ..classroom.in_order import How
    from ..classroom.watch import Watcher
    from ..reports.student_page import pages

    # A service is ended so; the submission in hand is recorded first. (Where it was started, SIGINT
    # may have been switched off.)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda number, frame: os.kill(os.getpid(), signal.SIGINT))
    os.nice(arguments.nice)
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # the watcher says it in one line
    how = How(arguments.workers, arguments.scheduler)
    watcher = Watcher(
        course.root, arguments.assignments, pages, how, every=arguments.every, say=_say
    )
    failures = watcher.run(once=arguments.once, stay=arguments.stay)
    return EXIT_FAILED if failures else EXIT_OK


def _status(root: Path, as_json: bool) -> int:
    from ..classroom.watch_status import status_json
    from ..reports.watching import sentences

    status = status_json(root)
    if as_json:
        print_json(status)
    else:
        print(*sentences(status, time()), sep="\n")
    return EXIT_OK if status["watching"] else EXIT_FAILED


def _say(text: str) -> None:
    print(f"{strftime('%Y-%m-%d %H:%M:%S')} {text}", file=sys.stderr, flush=True)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0.1 <= seconds <= 86400:
        raise argparse.ArgumentTypeError(f"{text} is no number of seconds from 0.1 to 86400")
    return seconds
