"""Start the hub for a demonstration: `make hub`, or `python -m hub` as root in the clone."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from pathlib import Path

from .demonstration import Demonstration
from .environments import build
from .places import GRADER, INSTRUCTOR, HubError, Places


def main() -> int:
    arguments = _parser().parse_args()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        if os.geteuid() != 0:
            raise HubError("root is needed, because students are system accounts: sudo make hub")
        places = Places()
        build(places, _say)
        return 0 if arguments.build else _demonstrate(places, arguments)
    except HubError as error:
        print(f"hub: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _demonstrate(places: Places, arguments: argparse.Namespace) -> int:
    watch = not arguments.no_watch
    hub = Demonstration(places, arguments.students, arguments.port, _say, watch)
    try:
        hub.start()
        if arguments.ready:
            _write(arguments.ready, {"address": hub.address, "passwords": hub.passwords})
        print(_welcome(hub), flush=True)
        hub.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        # a second Ctrl-C must not leave half of it behind
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        _say("Ending the hub: accounts, processes and folders are removed …")
        hub.stop()
        _say("Done. What stays is the Python environments.")
    return 0


def _welcome(hub: Demonstration) -> str:
    lines = [f"\nThe hub is at {hub.address}\n", "  account          password"]
    lines += [f"  {user:<16} {password}" for user, password in hub.passwords.items()]
    lines += [
        f"\nInstructor: log in as {INSTRUCTOR}, then open "
        f"{hub.address}/services/ntk/formgrader/manage_assignments",
        "Students: log in; Nbgrader > Assignment List; Fetch; click on notebook 1.",
        f"What they hand in is marked at once: {hub.address}/services/ntk/watch shows the state."
        if hub.watch
        else "What they hand in is marked when an instructor does it.",
        f"The labs as web pages: {hub.address}/services/pages/, or Help > Lab Pages in JupyterLab.",
        f"\nMade on this machine: the accounts above and {GRADER}, {hub.places.state}, "
        f"{hub.places.run}.",
        f"Log: {hub.places.log}. Ctrl-C ends the hub and removes all of it; "
        f"{hub.places.environments} stays.",
    ]
    return "\n".join(lines)


def _write(path: Path, facts: dict) -> None:
    """For programs that wait for the hub: appears at once and complete, for its owner only."""
    fresh = path.with_suffix(".part")
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(facts))
    fresh.rename(path)


def _say(text: str) -> None:
    print(text, flush=True)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 9:
        raise argparse.ArgumentTypeError("from 1 to 9")
    return number


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 65535:
        raise argparse.ArgumentTypeError("a port is a number from 1 to 65535, or 0 for a free one")
    return number


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="hub", description=__doc__)
    parser.add_argument(
        "--port", type=_port, default=8000, metavar="N", help="on loopback; 0: a free one (8000)"
    )
    parser.add_argument(
        "--students", type=_count, default=2, metavar="N", help="how many students (2)"
    )
    parser.add_argument(
        "--no-watch", action="store_true", help="leave the marking to the instructor"
    )
    parser.add_argument(
        "--build", action="store_true", help="build the environments and stop there"
    )
    parser.add_argument(
        "--ready", type=Path, metavar="FILE", help="write address and passwords there as JSON"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
