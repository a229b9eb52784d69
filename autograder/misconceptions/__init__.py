"""Mistakes that have a name. One module an exercise; `recognise` finds the one that an answer
behaves like.

A mistake is known by what it returns: its NumPy variant is computed on the very inputs that the
student was asked with, and has to agree with the replies, closely and much better than the right
answer does.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import import_module

from ..checks.mistakes import Call, Catalogue, Misconception

__all__ = ["Call", "Catalogue", "Misconception", "catalogue", "describe", "recognise"]

NONE = Catalogue((), lambda call: None)
EXERCISES = (
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


def catalogue(exercise: str) -> Catalogue:
    """The named mistakes of an exercise, the most telling first. A course's own check may define
    some as CATALOGUE."""
    from ..checks.registry import EXERCISES, module_of  # checks import this package

    if exercise in EXERCISES:
        return _catalogue(exercise)
    return getattr(module_of(exercise), "CATALOGUE", NONE)


@cache
def _catalogue(exercise: str) -> Catalogue:
    return import_module(f"autograder.lab.{MODULES.get(exercise, exercise)}.mistakes").CATALOGUE


def describe(exercise: str, slug: str) -> str:
    """One short line about a mistake, for the instructor's report. A slug of an older version
    stands for itself."""
    return next((m.line for m in catalogue(exercise).mistakes if m.slug == slug), slug)


def recognise(exercise: str, lost: Sequence[Sequence[Call]]) -> list[Misconception | None]:
    """The named mistake behind each lost criterion, or None. `lost`: for each of them, what was
    asked for it.

    A mistake that explains more of the lost criteria comes first, then one that is listed earlier.
    """
    return catalogue(exercise).recognise(lost)
