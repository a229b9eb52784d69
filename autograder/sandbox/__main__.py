"""`python -m autograder.sandbox [-- COMMAND …]`: a shell, or a command, in the very sandbox of a
kernel.

For whoever wants to know what a student's code sees there.
"""

from __future__ import annotations

import argparse
import subprocess
import sys

from ..errors import OneLine
from ..limits import Limits
from .bubblewrap import Sandbox, find_bwrap
from .surroundings import Surroundings


def main() -> int:
    """Returns the command's exit status."""
    parser = argparse.ArgumentParser(prog="python -m autograder.sandbox", description=__doc__)
    parser.add_argument(
        "--helper", action="append", default=[], metavar="PACKAGE", help="as in c.Marking.helpers"
    )
    parser.add_argument(
        "--data", action="append", default=[], metavar="VARIABLE", help="as in c.Marking.data"
    )
    parser.add_argument("--python", default="", metavar="PATH", help="as in c.Marking.python")
    parser.add_argument("command", nargs="*", metavar="COMMAND", help="default: /bin/sh")
    arguments = parser.parse_args()
    given = Surroundings(tuple(arguments.helper), tuple(arguments.data), arguments.python)
    command = arguments.command or ["/bin/sh"]
    try:
        sandbox = Sandbox(command, Limits(), bwrap=find_bwrap(), surroundings=given, attended=False)
    except OneLine as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return error.exit_code
    try:
        return subprocess.run(sandbox.argv, pass_fds=sandbox.fds, env={}, check=False).returncode
    finally:
        sandbox.close()


if __name__ == "__main__":
    sys.exit(main())
