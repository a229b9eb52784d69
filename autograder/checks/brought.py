"""Checks that a course brings itself: `checks/<exercise>.py` beside its nbgrader_config.py.

Such a file is the instructor's own code and is trusted as nbgrader_config.py is. It travels as text
with the exam, so that workers mark by it without a course folder; it never enters a sandbox, nor
the release. It defines `check` (a `Check`), and may define `battery(student, rng)` for the audit
and `CATALOGUE`, the mistakes that have a name.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from types import ModuleType

CONFIG, FOLDER = "nbgrader_config.py", "checks"

_sources: dict[str, str] = {}


class BroughtError(Exception):
    """A course's check cannot be used. `str(error)` is one line that says why."""


def folder_near(start: Path) -> Path | None:
    """The folder `checks` of the course that `start` lies in, if there is one."""
    start = Path(start).resolve()
    for folder in (start, *start.parents):
        if (folder / CONFIG).is_file():
            return folder / FOLDER if (folder / FOLDER).is_dir() else None
    return None


def read(start: Path, exercises: Iterable[str]) -> dict[str, str]:
    """{exercise: source} of those exercises that the course around `start` has a check for."""
    folder, found = folder_near(start), {}
    for exercise in exercises if folder else ():
        path = folder / f"{exercise}.py"
        if path.is_file():
            try:
                found[exercise] = path.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError) as error:
                raise BroughtError(f"The check {path} cannot be read: {error}.") from error
    return found


def bring(sources: Mapping[str, str]) -> None:
    """Make these checks known in this process. Raises BroughtError for one that does not run or
    defines no check."""
    for exercise, source in sources.items():
        _module(exercise, source)
        _sources[exercise] = source


def module(exercise: str) -> ModuleType | None:
    """The brought check of an exercise; of the course around the working directory, where none was
    brought yet."""
    if exercise not in _sources and exercise.isidentifier():
        bring(read(Path.cwd(), [exercise]))
    return _module(exercise, _sources[exercise]) if exercise in _sources else None


@lru_cache(maxsize=64)
def _module(exercise: str, source: str) -> ModuleType:
    from .base import Check

    made = ModuleType(
        f"course_checks.{exercise}", f"The check of {exercise} that the course brings."
    )
    sys.modules[made.__name__] = made  # dataclasses look there
    where = f"{FOLDER}/{exercise}.py"
    try:
        exec(compile(source, where, "exec"), vars(made))
    except Exception as error:
        raise BroughtError(
            f"The course's {where} does not run: {type(error).__name__}: {error}."
        ) from error
    check = getattr(made, "check", None)
    if not isinstance(check, Check) or check.exercise != exercise:
        raise BroughtError(f"The course's {where} must define check = Check({exercise!r}).")
    return made
