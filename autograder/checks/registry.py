"""The hidden tests: what a right answer is. One module an exercise, each a list of criteria.

A criterion asks the student through the narrow door (`autograder.door.student`), compares what comes
back with `autograder.lab.reference`, and either holds or says in one sentence what to look at.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from ..door.student import Student
from . import brought
from .base import Check, Observe
from .verdict import Verdict

EXERCISES: tuple[str, ...] = (
    "mlp",
    "train",
    "predict",
    "interpolate",
    "ntk_kernel",
    "test_ntk_accuracy",
    "gen_bound",
    "gradient_descent",
    "lazy_directions",
    "minimum_norm",
)
MODULES = {"test_ntk_accuracy": "ntk_accuracy"}  # a module named test_… would look like a test file


def module_of(exercise: str) -> ModuleType | None:
    """The module that holds the check of an exercise, the lab's own or the course's; None for an
    unknown one."""
    if exercise in EXERCISES:
        return import_module(f"autograder.lab.{MODULES.get(exercise, exercise)}.check")
    return brought.module(exercise)


def load(exercise: str) -> Check:
    """The check of an exercise. Raises KeyError for an unknown one."""
    found = module_of(exercise)
    if found is None:
        raise KeyError(
            f"There is no hidden test {exercise!r}: write checks/{exercise}.py in the course, "
            f"or choose one of {', '.join(EXERCISES)}."
        )
    return found.check


def run_check(
    exercise: str, student: Student, seed: int, observe: Observe | None = None
) -> Verdict:
    """Mark one exercise. The same seed draws the same inputs. Never raises for what the student's
    side does.

    observe(criterion, error): called for each criterion that is lost (see `Check.run`).
    """
    return load(exercise).run(student, seed, observe)


def max_points(exercise: str) -> float:
    """The points that a right answer to the exercise earns."""
    return load(exercise).max_points


def criteria(exercise: str) -> tuple[str, ...]:
    """The names of an exercise's criteria, in the order in which they are tried."""
    return tuple(rule.name for rule in load(exercise).rules)
