"""Where the check of an exercise is found: in the course's own folder, or in a package that it
names.

In a package of checks an exercise is a folder, `<exercise>/check.py`, beside it `battery.py` for
the audit. (A test that stands alone, `test_<name>`, lies in `<name>/`: a folder named test_… would
look like a folder of tests.)
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module, util
from pathlib import Path
from types import ModuleType

from ..door.student import Student
from ..errors import OneLine
from . import brought
from .base import Check, Observe
from .ids import TEST
from .verdict import Verdict


class NoSuchCheck(OneLine, KeyError):
    """No check goes by this name."""

    def __str__(self) -> str:  # KeyError would put it into quotes
        return str(self.args[0])


@dataclass(frozen=True)
class Registry:
    """The checks that mark one assignment. Plain data: it travels to workers.

    brought: (exercise, source) of checks that the course brings itself; they come first. packages:
    dotted names of packages of checks.
    """

    brought: tuple[tuple[str, str], ...] = ()
    packages: tuple[str, ...] = ()

    def find(self, exercise: str) -> Check | None:
        """The check of an exercise; None when there is none. Raises OneLine for a broken one."""
        module = self._part(exercise, "check")
        return module.check if module else None

    def load(self, exercise: str) -> Check:
        """The check of an exercise. Raises NoSuchCheck when there is none."""
        found = self.find(exercise)
        if found is None:
            known = f", or choose one of {', '.join(self.exercises)}" if self.exercises else ""
            raise NoSuchCheck(
                f"There is no hidden test {exercise!r}: write checks/{exercise}.py in the "
                f"course{known}."
            )
        return found

    def run(
        self, exercise: str, student: Student, seed: int, observe: Observe | None = None
    ) -> Verdict:
        """Mark one exercise. The same seed draws the same inputs. Never raises for what the
        student's side does.

        observe(criterion, error): called for each criterion that is lost (see `Check.run`).
        """
        return self.load(exercise).run(student, seed, observe)

    def battery(self, exercise: str) -> ModuleType | None:
        """The module that holds the exercise's `battery(student, rng)`, if it has one."""
        module = self._part(exercise, "battery")
        return module if hasattr(module, "battery") else None

    @cached_property
    def exercises(self) -> tuple[str, ...]:
        """The exercises that there are checks for, in alphabetical order."""
        names = {exercise for exercise, _ in self.brought}
        for package in self.packages:
            folders = pkgutil.iter_modules(import_module(package).__path__)
            modules = [f"{package}.{f.name}.check" for f in folders if f.ispkg]
            names |= {import_module(m).check.exercise for m in modules if util.find_spec(m)}
        return tuple(sorted(names))

    def _part(self, exercise: str, part: str) -> ModuleType | None:
        source = dict(self.brought).get(exercise)
        if source is not None:
            return brought.module(exercise, source)
        folder = exercise.removeprefix(TEST)
        for package in self.packages if folder.isidentifier() else ():
            _must_exist(package)
            for name in (f"{package}.{folder}", f"{package}.{folder}.{part}"):
                if util.find_spec(name) is None:
                    break
            else:
                return import_module(f"{package}.{folder}.{part}")
        return None


def _must_exist(package: str) -> None:
    try:
        found = util.find_spec(package)
    except ModuleNotFoundError:
        found = None
    if found is None:
        raise OneLine(
            f"The package of checks {package} is not installed: install it, or take it out of "
            "c.Marking.checks."
        )


def of_course(course: Path | None, exercises: Iterable[str], packages: Iterable[str]) -> Registry:
    """The registry for these exercises of the course in a folder (None: outside of any course)."""
    found = brought.read(course, sorted(set(exercises))) if course else {}
    for exercise, source in found.items():
        brought.module(exercise, source)  # a broken one is told of at once
    return Registry(tuple(found.items()), tuple(packages))


def near(start: Path, exercise: str) -> Registry:
    """The registry for one exercise of the course around a folder, as its configuration sets it."""
    return of_course(brought.course_around(start), [exercise], named(start))


def named(start: Path) -> tuple[str, ...]:
    """The packages of checks that the course around a folder names; outside of any course none."""
    from traitlets.config import LazyConfigValue, PyFileConfigLoader

    course = brought.course_around(start)
    if course is None:
        return ()
    config = PyFileConfigLoader(brought.CONFIG, path=str(course)).load_config()
    packages = config.get("Marking", {}).get("checks", [])
    if isinstance(packages, LazyConfigValue):  # c.Marking.checks.append(…)
        packages = packages.get_value([])
    return tuple(packages)
