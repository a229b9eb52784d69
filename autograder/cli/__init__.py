"""`ntk …`: the parser here, and one module a command, which says what it takes and does it.

A command's module loads what it needs when it runs: `ntk --help` must not wait for nbgrader.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Callable, Sequence
from typing import Any

from .. import (
    __version__,
    startup,  # noqa: F401  (it makes the imports of the commands quicker)
)
from ..errors import EXIT_INTERRUPTED, OneLine
from . import (
    audit,
    collect,
    explain,
    export,
    grade,
    notebooks,
    release,
    report,
    score,
    settle,
    watch,
)
from .common import add_course

COMMANDS = (
    score,
    collect,
    grade,
    watch,
    settle,
    explain,
    report,
    export,
    release,
    notebooks,
    audit,
)


def main(argv: Sequence[str] | None = None) -> int:
    """Parse the arguments and run one command. Every foreseeable failure is one line on standard
    error."""
    arguments = parser().parse_args(argv)
    # nbgrader's own queries; they were checked to be harmless
    warnings.filterwarnings("ignore", message="Object of type .* not in session")
    run: Callable[[argparse.Namespace], int] = arguments.run
    try:
        return run(arguments)
    except OneLine as error:
        print(f"ntk {arguments.command}: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        again = "interrupted; run the command again to go on."
        print(f"ntk {arguments.command}: {again}", file=sys.stderr)
        return EXIT_INTERRUPTED


def parser() -> argparse.ArgumentParser:
    """The parser of `ntk` with all its commands."""
    made = argparse.ArgumentParser(
        prog="ntk",
        description="Mark submissions and classes, release an assignment, look into marks, keep "
        "the masters in order.",
    )
    made.add_argument("--version", action="version", version=f"ntk {__version__}")
    commands: Any = made.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in COMMANDS:
        command = module.add_parser(commands)
        add_course(command)
        command.set_defaults(run=module.run)
    return made
