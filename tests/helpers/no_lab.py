"""Commands of a grader in which this project's own exercises cannot be imported."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from tests.conftest import ROOT, STARTUP

SEVERAL = """
import io, json, shlex, sys
from contextlib import redirect_stderr, redirect_stdout
from autograder.cli import main

ran = []
for line in sys.argv[1:]:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main(shlex.split(line))
    ran.append((code, out.getvalue(), err.getvalue()))
json.dump(ran, sys.stdout)
"""


@cache
def without_lab() -> str:
    """A folder with the grader in it and without this project's own exercises."""
    folder = Path(tempfile.mkdtemp(prefix="without-lab-"))
    ignore = shutil.ignore_patterns("lab", "__pycache__")
    shutil.copytree(ROOT / "autograder", folder / "autograder", ignore=ignore)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return str(folder)


def run(command: list[str], cwd: Path) -> subprocess.CompletedProcess:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        command,
        cwd=cwd,
        env=os.environ | {"PATH": path, "PYTHONPATH": os.pathsep.join((STARTUP, without_lab()))},
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )


def several(lines: list[str], cwd: Path) -> list[subprocess.CompletedProcess]:
    """Commands of `ntk`, one after the other in one process: its start costs more than most."""
    ran = run([sys.executable, "-c", SEVERAL, *lines], cwd)
    assert ran.returncode == 0, ran.stderr
    told = zip(lines, json.loads(ran.stdout), strict=True)
    return [subprocess.CompletedProcess(line, *each) for line, each in told]
