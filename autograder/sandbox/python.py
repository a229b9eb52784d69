"""The Python in which students' code runs: the grader's own, or the one that c.Marking.python
names."""

from __future__ import annotations

import inspect
import json
import os
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..errors import EXIT_USAGE, InfrastructureError
from ..text import last_line, one_line
from . import facts as asked

OLDEST = (3, 11)  # the kernel is started with -P
NEEDED = ("ipykernel", "numpy", "safetensors")  # by the kernel, and by the narrow door
SETTING = "c.Marking.python"
ANSWER_SECONDS = 60.0
CALL = "\nimport json\nprint(json.dumps({{'answer': {}(*json.loads(sys.argv[1]))}}))\n"
# nothing of the caller's is passed on, as to a kernel
ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/", "LANG": "C.UTF-8"}


class PythonError(InfrastructureError):
    """The Python that c.Marking.python names cannot be used."""

    exit_code = EXIT_USAGE


@dataclass(frozen=True)
class Python:
    """A Python and where it lies; the attributes are those of `facts.facts`."""

    executable: str
    version: str
    prefix: str
    base_prefix: str
    path: tuple[str, ...]
    packages: tuple[str, ...]
    changed: int | None  # ns, when its file was; None: the one that the grader itself runs in

    def versions(self, names: Iterable[str]) -> dict[str, str]:
        """{distribution: its version there, or "missing"}."""
        return self._call("versions", tuple(names))

    def folder(self, package: str) -> Path | None:
        """The folder of a package there, installed editable or not."""
        found = self._call("folder", package)
        return Path(found) if found else None

    def call(self, package: str, where: Path, module: str, function: str, argument: str) -> str:
        """What `package.module.function(argument)` says there, of a package in the folder `where`;
        "" when it cannot be called there. Not for the grader's own Python, which can import it."""
        try:
            return str(self._call("call", package, str(where), module, function, argument))
        except PythonError:
            return ""

    def _call(self, function: str, *arguments: Any) -> Any:
        """A function of `facts` there. Raises PythonError."""
        if self.changed is None:
            return getattr(asked, function)(*arguments)
        return _known(self.executable, self.changed, function, arguments)


def python_of(named: str) -> Python:
    """The Python that the setting names, "" the grader's own.

    Another one is asked once, and again when its file has changed. Raises PythonError with one line
    that says what is wrong with it or missing in it.
    """
    if not named:
        return _python(asked.facts([]), None)
    path = Path(named)
    if not path.is_absolute():
        raise PythonError(
            f"{SETTING} is {named}: give its whole path, such as /srv/students/bin/python."
        )
    try:
        changed = path.stat().st_mtime_ns
    except OSError as error:
        raise PythonError(
            f"{named} cannot be found ({error.strerror}): {SETTING} names the Python in which "
            "student code runs; make it there, or mend the setting."
        ) from error
    if path.is_dir():
        raise PythonError(f"{named} is a folder: {SETTING} names a program, such as bin/python.")
    return _other(named, changed)


@lru_cache(maxsize=16)  # an exception is not kept: what was missing may be there now
def _other(named: str, changed: int) -> Python:
    said = _ask(named, "facts", NEEDED)
    version = str(said["version"])
    if tuple(int(part) for part in version.split(".")[:2]) < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        raise PythonError(
            f"{named} is Python {version}: student code needs {oldest} or newer ({SETTING})."
        )
    if said["missing"]:
        raise PythonError(
            f"{named} has no {', '.join(said['missing'])}: install them there with "
            f"{named} -m pip install {' '.join(said['missing'])}."
        )
    return _python(said, changed)


def _python(said: dict[str, Any], changed: int | None) -> Python:
    executable, prefix = str(said["executable"]), str(said["prefix"])
    if not Path(executable).is_relative_to(prefix):  # a link to it from anywhere
        executable = os.path.realpath(executable)
    paths, packages = tuple(said["path"]), tuple(said["packages"])
    return Python(
        executable, said["version"], prefix, said["base_prefix"], paths, packages, changed
    )


@lru_cache(maxsize=256)
def _known(executable: str, changed: int, function: str, arguments: tuple) -> Any:
    return _ask(executable, function, *arguments)


def _ask(executable: str, function: str, *arguments: Any) -> Any:
    """The value of a function of `facts` in another Python. Raises PythonError."""
    source = inspect.getsource(asked) + CALL.format(function)
    command = [executable, "-I", "-c", source, json.dumps(arguments)]
    try:
        ran = subprocess.run(
            command,
            cwd="/",
            env=ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=ANSWER_SECONDS,
            check=False,
        )
        return json.loads(last_line(ran.stdout))["answer"]
    except subprocess.TimeoutExpired:
        reason = f"no answer in {ANSWER_SECONDS:g} s"
    except OSError as error:
        reason = str(error.strerror)
    except (ValueError, TypeError, KeyError):
        reason = one_line(last_line(ran.stderr), 200) or "no answer"
    raise PythonError(f"{executable} does not answer as a Python does ({reason}): mend {SETTING}.")


def links(path: Path) -> list[tuple[Path, str]]:
    """The symbolic links that are passed on the way to what a path means, in order: (the link,
    where it leads)."""
    found: list[tuple[Path, str]] = []
    todo, at = list(reversed(path.parts[1:])), Path("/")
    while todo and len(found) < 40:
        part = todo.pop()
        at = at.parent if part == ".." else at / part
        if at.is_symlink():
            target = os.readlink(at)
            found.append((at, target))
            way = Path(target)
            at = Path("/") if way.is_absolute() else at.parent
            todo += reversed([p for p in way.parts if p != "/"])
    return found
