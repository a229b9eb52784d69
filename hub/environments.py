"""Builds the two Python environments of the hub and the course's pages, where every account can
read them, and only when they are not current.

`student` holds JupyterHub, JupyterLab, nbgrader, PyTorch and the students' package: what a
student's server runs in, and the hub itself. `course` lies on top of it and adds the grader; only
the course's account may enter it. Both come from the system's Python: the interpreter of a private
home cannot be run by others.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

from .places import ROOT, HubError, Places

LOCKS = (ROOT / "requirements.lock", ROOT / "hub" / "requirements.txt")
STUDENT = ("jupyterhub", "configurable-http-proxy", "jupyterlab", "notebook", "nbgrader")
HELPERS = ("ipykernel", "ipywidgets", "matplotlib", "numpy", "tqdm")
GRADING = ("distributed", "jupytext", "nh3", "rich", "safetensors")
PAGES = (
    "sphinx-book-theme",
    "myst-nb",
    "sphinx-design",
    "sphinx-copybutton",
    "sphinx-mathjax-offline",
)
SHOWN = ("site", "tools", "release", "source", "docs", "ntk_helpers", ".binder")
OWN = ("ntk_helpers", "autograder", "hub/shared", "hub/etc")
MINIMUM = (3, 11)
SYSTEM = ["/usr/bin/python3", "/usr/local/bin/python3"]
LAYOUT = "1"  # change it when environments must be built from nothing


def python() -> str:
    """An interpreter that every account can run: NTK_HUB_PYTHON, else the system's. Raises
    HubError."""
    named = os.environ.get("NTK_HUB_PYTHON")
    candidates = [named] if named else SYSTEM
    code = f"import sys, venv, ensurepip; sys.exit(sys.version_info < {MINIMUM})"
    for path in candidates:
        try:
            if subprocess.run([path, "-c", code], capture_output=True, check=False).returncode == 0:
                return path
        except OSError:
            continue
    raise HubError(
        f"{' or '.join(candidates)} is no Python {'.'.join(map(str, MINIMUM))} or newer with the "
        "module venv: install it"
        " (Debian, Ubuntu: apt-get install python3-venv), or name another one in NTK_HUB_PYTHON."
    )


def pins() -> dict[str, str]:
    """{package: version}; what hub/requirements.txt pins goes before requirements.lock."""
    found = {}
    for path in LOCKS:
        for line in path.read_text().splitlines():
            if match := re.match(r"([A-Za-z0-9._-]+)==(\S+)", line):
                found[match[1].lower()] = match[2]
    return found


def build(places: Places, say: Callable[[str], None] = print) -> None:
    """Bring both environments up to date; says what it does. Raises HubError."""
    interpreter = python()
    os.umask(0o022)
    try:
        places.environments.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise HubError(f"{places.environments} cannot be made: {error.strerror}.") from error
    with _alone(places.environments / ".lock"):
        _Builder(places, interpreter, say).build()


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Two builds at once would spoil each other's work."""
    with open(path, "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


class _Builder:
    def __init__(self, places: Places, interpreter: str, say: Callable[[str], None]):
        self.places, self.interpreter, self.say = places, interpreter, say

    def build(self) -> None:
        names = " ".join((*STUDENT, *HELPERS, *GRADING, *PAGES, os.environ.get("TORCH_INDEX", "")))
        packages = f"{_digest(LOCKS)} {self._version()} {names}"
        places = self.places
        self._once(places.student, packages, self._install_student)
        self._once(places.course_env, packages, self._install_course)
        self._once(places.etc, f"{packages} {_digest(_sources(OWN))}", self._install_own)
        self._once(places.pages, f"{packages} {_digest(_sources(SHOWN))}", self._make_pages)

    def _version(self) -> str:
        version = subprocess.run(
            [self.interpreter, "-VV"], capture_output=True, text=True, check=True
        )
        return f"{LAYOUT} {self.interpreter} {version.stdout.strip()}"

    def _once(self, folder: Path, stamp: str, work: Callable[[], None]) -> None:
        """Do the work unless the stamp says that it has been done as it would be now."""
        path = folder / ".stamp"
        if path.is_file() and path.read_text() == stamp:
            return
        path.unlink(missing_ok=True)
        began = monotonic()
        work()
        folder.mkdir(exist_ok=True)
        path.write_text(stamp)
        self.say(f"  done in {monotonic() - began:.0f} s")

    def _install_student(self) -> None:
        env = self.places.student
        self.say(f"Building {env} (PyTorch is large: some minutes and 6 GB of disk, once)")
        self._venv(env)
        torch = [
            f"{name}=={version}"
            for name, version in pins().items()
            if name in ("torch", "torchvision")
        ]
        index = os.environ.get("TORCH_INDEX")
        self.say("  PyTorch …")
        self._pip(env, *(["--index-url", index] if index else []), *torch)
        self.say("  JupyterHub, JupyterLab, nbgrader …")
        self._pip(env, *STUDENT, *HELPERS)
        _without_debugger(env / "share" / "jupyter" / "kernels" / "python3" / "kernel.json")
        # Everybody would else wait a second for the list of fonts, and see a line about it.
        self._run(
            [env / "bin" / "python", "-c", "import matplotlib.font_manager"],
            MPLCONFIGDIR=env / "fonts",
        )

    def _install_course(self) -> None:
        env = self.places.course_env
        self.say(f"Building {env} (the grader's own packages)")
        self._venv(env)
        env.chmod(0o700)  # the launcher opens it for the course's account alone
        site = next((env / "lib").glob("python3*/site-packages"))
        student = next((self.places.student / "lib").glob("python3*/site-packages"))
        (site / "student.pth").write_text(f"{student}\n")
        self._pip(env, *GRADING, *PAGES)
        # the one of the other environment would not find the grader
        script = env / "bin" / "nbgrader"
        script.write_text(f'#!/bin/sh\nexec "{env}/bin/python" -P -m nbgrader "$@"\n')
        script.chmod(0o755)

    def _install_own(self) -> None:
        """The project's packages as ordinary files: nobody else can read the clone that they come
        from."""
        self.say("Installing ntk-helpers, the grader and the hub's configuration")
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder)
            for name in OWN:
                shutil.copytree(
                    ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "build")
                )
            for name in ("pyproject.toml", "LICENSE"):
                shutil.copy(ROOT / name, copy / name)
            options = ("--no-deps", "--no-build-isolation", "--force-reinstall")
            self._pip(self.places.student, *options, str(copy), str(copy / "hub" / "shared"))
            self._pip(self.places.course_env, *options, str(copy / "autograder"))
            shutil.rmtree(self.places.etc, ignore_errors=True)
            shutil.copytree(copy / "hub" / "etc", self.places.etc)

    def _make_pages(self) -> None:
        self.say("Making the course's pages")
        python, out = self.places.course_env / "bin" / "python", self.places.pages
        self._run([python, "-P", "-m", "tools.site", "--out", out], PYTHONPATH=ROOT)

    def _venv(self, env: Path) -> None:
        """An environment of this interpreter; one that is there already is brought up to date, not
        built again."""
        made = env / ".made-by"
        if not made.is_file() or made.read_text() != self._version():
            shutil.rmtree(env, ignore_errors=True)
            self._run([self.interpreter, "-m", "venv", env])
            made.write_text(self._version())
        self._pip(env, "pip", "setuptools")

    def _pip(self, env: Path, *arguments: str) -> None:
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as constraints:
            constraints.writelines(f"{name}=={version}\n" for name, version in pins().items())
            constraints.flush()
            options = (
                "-q",
                "--disable-pip-version-check",
                "--no-warn-script-location",
                "--root-user-action=ignore",
            )
            self._run(
                [
                    env / "bin" / "python",
                    "-m",
                    "pip",
                    "install",
                    *options,
                    "-c",
                    constraints.name,
                    *arguments,
                ]
            )

    def _run(self, command: Iterable[str | Path], **variables: str | Path) -> None:
        words = [str(word) for word in command]
        env = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PYTHON", "VIRTUAL_ENV"))
        }
        env |= {name: str(value) for name, value in variables.items()}
        run = subprocess.run(words, capture_output=True, text=True, env=env, cwd="/", check=False)
        if run.returncode != 0:
            tail = [
                line for line in (run.stdout + run.stderr).splitlines() if "WARNING" not in line
            ][-12:]
            print("\n".join(tail), file=sys.stderr)
            raise HubError(
                f"{Path(words[0]).name} {' '.join(words[1:4])} … failed; its last lines stand "
                "above."
            )


def _without_debugger(path: Path) -> None:
    """JupyterLab's debugger makes each kernel listen on a port of loopback, without a password."""
    spec = json.loads(path.read_text())
    spec["metadata"] = {}
    path.write_text(json.dumps(spec, indent=1))


def _sources(folders: Iterable[str]) -> list[Path]:
    """Every file of the project that is copied into an environment."""
    ignored = {"__pycache__", "build"}
    found = [ROOT / "pyproject.toml"]
    for folder in folders:
        paths = sorted((ROOT / folder).rglob("*"))
        kept = (p for p in paths if not ignored & set(p.parts) and ".egg-info" not in str(p))
        found += [path for path in kept if path.is_file()]
    return found


def _digest(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(f"{path.name}\0".encode() + path.read_bytes())
    return digest.hexdigest()
