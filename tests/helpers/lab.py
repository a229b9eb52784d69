"""The lab's checks as tests use them: by exercise, without a course."""

from __future__ import annotations

from autograder.checks.base import Check, Observe
from autograder.checks.mistakes import Catalogue
from autograder.checks.registry import Registry
from autograder.checks.verdict import Verdict
from autograder.door.student import Student
from autograder.limits import Limits
from autograder.marking.terms import Terms
from autograder.sandbox.surroundings import Surroundings

CHECKS = Registry(packages=("autograder.lab",))
EXERCISES = CHECKS.exercises


LAB = Surroundings(("ntk_helpers",), ("NTK_DATA",))


def terms(limits: Limits | None = None, sandbox: str = "bwrap", secret: bytes = b"test") -> Terms:
    """What a submission to the lab is marked by."""
    return Terms(limits or Limits(), secret, sandbox, LAB, ("torch",))


def load(exercise: str) -> Check:
    return CHECKS.load(exercise)


def run_check(
    exercise: str, student: Student, seed: int, observe: Observe | None = None
) -> Verdict:
    return CHECKS.run(exercise, student, seed, observe)


def max_points(exercise: str) -> float:
    return load(exercise).max_points


def criteria(exercise: str) -> tuple[str, ...]:
    return tuple(rule.name for rule in load(exercise).rules)


def catalogue(exercise: str) -> Catalogue:
    return load(exercise).mistakes


def describe(exercise: str, slug: str) -> str:
    return catalogue(exercise).describe(slug)
