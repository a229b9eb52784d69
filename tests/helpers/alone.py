"""The grader alone: its wheel and what it depends on, in a fresh environment without PyTorch and
`ntk_helpers`."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT

IGNORED = shutil.ignore_patterns("__pycache__", "*.egg-info", "build")


def wheel(project: str, folder: Path) -> Path:
    """The wheel of a project, "." or "autograder", made in a folder."""
    # a copy: building leaves folders behind
    copy = folder / "copy"
    shutil.copytree(ROOT / "autograder", copy / "autograder", ignore=IGNORED)
    shutil.copytree(ROOT / "ntk_helpers", copy / "ntk_helpers", ignore=IGNORED)
    for name in ("pyproject.toml", "LICENSE"):
        shutil.copy(ROOT / name, copy)
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation"]
    _run(*command, "-w", folder, copy / project)
    [made] = folder.glob("*.whl")
    return made


def make_alone(shared: Path) -> Path:
    """The environment's Python. `shared`: a folder of this run of the tests; whoever comes first
    makes the environment (about a minute), the others wait for it."""
    made, place = shared / "alone.made", shared / "alone"
    with (shared / "alone.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir()
            python = empty_environment(place / "env", pip=True)
            versions = ("-c", ROOT / "requirements.lock")
            # compiled when it is first imported: most of it never is
            options = ("-q", "--disable-pip-version-check", "--no-compile")
            _run(python, "-m", "pip", "install", *options, *versions, wheel("autograder", place))
            made.touch()
    return place / "env" / "bin" / "python"


def empty_environment(folder: Path, *, pip: bool = False) -> Path:
    """The Python of a new environment with nothing in it."""
    _run(sys.executable, "-m", "venv", *(() if pip else ("--without-pip",)), folder)
    return folder / "bin" / "python"


def packages_of(python: Path) -> Path:
    """Where packages of an environment lie."""
    [folder] = python.parent.parent.glob("lib/python*/site-packages")
    return folder


def outside(*command: str | Path, cwd: Path | str = "/", **variables: str):
    """Run a command that finds nothing of this project but what is installed."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "COV_"))}
    return subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env=kept | variables,
        capture_output=True,
        text=True,
        timeout=1500,
        check=False,
    )


def _run(*command: str | Path) -> None:
    ran = outside(*command)
    assert ran.returncode == 0, ran.stderr
