"""Mistakes that have a name. One module an exercise; `recognise` finds the one that an answer behaves like.

A mistake is known by what it returns: its NumPy variant is computed on the very inputs that the student was asked
with, and has to agree with the replies, closely and much better than the right answer does.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import import_module

from .base import Catalogue, Misconception

__all__ = ["Catalogue", "Misconception", "catalogue", "describe", "recognise"]

MODULES = {"test_ntk_accuracy": "ntk_accuracy"}  # a module named test_… would look like a test file


@cache
def catalogue(exercise: str) -> Catalogue:
    """The named mistakes of an exercise, the most telling first."""
    return import_module(f"{__name__}.{MODULES.get(exercise, exercise)}").CATALOGUE


def describe(exercise: str, slug: str) -> str:
    """One short line about a mistake, for the instructor's report. A slug of an older version stands for itself."""
    return next((m.line for m in catalogue(exercise).mistakes if m.slug == slug), slug)


def recognise(exercise: str, calls: Sequence, before: str | None = None) -> Misconception | None:
    """The first named mistake that agrees with all replies in `calls`; one with the slug `before` comes first.

    calls: `autograder.checks.ask.Call`s, what was asked for one criterion. None when there is no such mistake.
    """
    return catalogue(exercise).recognise(calls, before)
