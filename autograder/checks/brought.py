"""Checks that a course brings itself: `checks/<exercise>.py` beside its nbgrader_config.py.

Such a file is the instructor's own code and is trusted as nbgrader_config.py is. It travels as text
with the assignment, so that workers mark by it without a course folder; it never enters a sandbox,
nor the release. It defines `check` (a `Check`), and may define `battery(student, rng)` for the
audit and `CATALOGUE`, the mistakes that have a name.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from types import ModuleType

from ..errors import OneLine
from .base import Check
from .mistakes import NONE

CONFIG, FOLDER = "nbgrader_config.py", "checks"


class BroughtError(OneLine):
    """A course's check cannot be used."""


def course_around(start: Path) -> Path | None:
    """The nearest folder at or above `start` that holds an nbgrader_config.py."""
    start = Path(start).resolve()
    return next((f for f in (start, *start.parents) if (f / CONFIG).is_file()), None)


def read(course: Path, exercises: Iterable[str]) -> dict[str, str]:
    """{exercise: source} of those exercises that the course in this folder has a check for."""
    found = {}
    for exercise in exercises:
        path = course / FOLDER / f"{exercise}.py"
        if path.is_file():
            try:
                found[exercise] = path.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError) as error:
                raise BroughtError(f"The check {path} cannot be read: {error}.") from error
    return found


@lru_cache(maxsize=64)
def module(exercise: str, source: str) -> ModuleType:
    """The module that this source makes. Raises BroughtError when it does not run or defines no
    check."""
    # two courses in one process may each have a check of this name
    unique = hashlib.sha256(source.encode()).hexdigest()[:12]
    name = f"course_checks.{exercise}_{unique}"
    made = ModuleType(name, f"The check of {exercise} in the course.")
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
    if check.mistakes is NONE:
        check.mistakes = getattr(made, "CATALOGUE", NONE)
    return made
