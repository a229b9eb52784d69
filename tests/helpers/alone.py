"""The grader alone: its wheel and what it depends on, in a fresh environment without PyTorch and
`ntk_helpers`."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from importlib.metadata import Distribution, distribution, distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import ROOT, STARTUP

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
    makes the environment, the others wait for it."""
    made, place = shared / "alone.made", shared / "alone"
    with (shared / "alone.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir()
            python = empty_environment(place / "env")
            pip = (sys.executable, "-m", "pip", "-q", "--disable-pip-version-check")
            pip = (*pip, "--python", python)
            _run(*pip, "install", "--no-deps", wheel("autograder", place))
            [grader] = distributions(name="ntk-autograder", path=[str(packages_of(python))])
            for needed in depended_on(grader):
                bring(needed, python)
            _run(*pip, "check")
            made.touch()
    return place / "env" / "bin" / "python"


def depended_on(first: Distribution) -> list[Distribution]:
    """What pip would install with a distribution: of all that it requires, the version that is
    installed here."""
    found: dict[tuple[str, str], Distribution] = {}
    waiting = [(first, "")]
    while waiting:
        here, extra = waiting.pop()
        for requirement in map(Requirement, here.requires or ()):
            if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
                continue
            for wanted in ("", *requirement.extras):
                key = canonicalize_name(requirement.name), wanted
                if key not in found:
                    found[key] = distribution(requirement.name)
                    waiting.append((found[key], wanted))
    return [needed for (_, extra), needed in found.items() if not extra]


def bring(needed: Distribution, python: Path) -> None:
    """Copy a distribution that is installed here into an environment. (Downloading and unpacking
    all of them again takes a minute.)"""
    packages, environment = packages_of(python), python.parent.parent
    for file in needed.files or ():
        source, target = Path(needed.locate_file(file)), packages / file
        if not source.exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target)
        if file.parts[0] == ".." and file.parent.name == "bin":  # a script names its Python
            here, there = os.fsencode(sys.prefix), os.fsencode(environment)
            target.write_bytes(target.read_bytes().replace(here, there))


def empty_environment(folder: Path) -> Path:
    """The Python of a new environment with nothing in it."""
    _run(sys.executable, "-m", "venv", "--without-pip", folder)
    return folder / "bin" / "python"


def packages_of(python: Path) -> Path:
    """Where packages of an environment lie."""
    [folder] = python.parent.parent.glob("lib/python*/site-packages")
    return folder


def outside(*command: str | Path, cwd: Path | str = "/", **variables: str):
    """Run a command that finds nothing of this project but what is installed (and starts
    sooner)."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "COV_"))}
    kept["PYTHONPATH"] = STARTUP
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
