"""Criteria and how they are run: every one starts at zero and is earned by coming to its end without a `Missed`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..misconceptions import recognise
from ..student import InProcessStudent, ProbeError, ProbeFailed, Student, StudentLost
from ..verdict import Criterion, Verdict
from .ask import Ask, Missed

Observe = Callable[[str, Missed | ProbeError], None]


@dataclass(frozen=True)
class Rule:
    """One criterion. `test(ask)` returns when it holds, and raises Missed (or a ProbeError) when it does not.

    requires: names of earlier criteria without which this one earns nothing. Whatever a trivial answer satisfies
    (zeros are symmetric, a list of zeros has the right length) needs one.
    """

    name: str
    points: float
    holds: str
    test: Callable[[Ask], None]
    requires: tuple[str, ...] = ()


class Check:
    """The criteria of one exercise, collected by the decorator `criterion`."""

    def __init__(self, exercise: str):
        self.exercise = exercise
        self.rules: list[Rule] = []

    @property
    def max_points(self) -> float:
        return float(sum(rule.points for rule in self.rules))

    def criterion(self, name: str, points: float, holds: str, requires: tuple[str, ...] | str = ()):
        """Register a function of `Ask` as a criterion; `holds` is the sentence for the student when it does."""
        requires = (requires,) if isinstance(requires, str) else requires
        unknown = set(requires) - {rule.name for rule in self.rules}
        if unknown:
            raise ValueError(f"{name} requires {unknown}, which must come before it.")

        def register(test: Callable[[Ask], None]) -> Callable[[Ask], None]:
            self.rules.append(Rule(name, points, holds, test, requires))
            return test

        return register

    def run(self, student: Student, seed: int, observe: Observe | None = None) -> Verdict:
        """Try every criterion. After a StudentLost the remaining ones are lost at once; earned points stay.

        observe: told the name of each criterion that was tried and lost, and why (`Missed.found` and `.expected`
        say what was compared). It is for whoever examines the check: nothing of it enters the verdict.
        """
        memory: dict = {}
        earned: set[str] = set()
        known: str | None = None
        lost: StudentLost | None = None
        lines = []
        for rule in self.rules:
            missed, picture, failure = None, None, None
            if lost is None:
                ask = Ask(student, seed, rule.name, memory)
                try:
                    _try(rule, ask)
                except StudentLost as error:
                    lost, missed, failure = error, str(error), error
                except (Missed, ProbeError) as error:
                    missed, picture = str(error), getattr(error, "picture", None)
                    failure = error
                    if isinstance(error, Missed):
                        missed, known = self._named(error, ask, known), error.misconception or known
            else:
                missed = f"Not tried, because an earlier test of this exercise ended the conversation: {lost}"
            if failure is not None and observe is not None:
                observe(rule.name, failure)
            if missed is None and not earned.issuperset(rule.requires):
                waiting = " and ".join(f'"{name}"' for name in rule.requires if name not in earned)
                missed = f"This holds, and will count as soon as {waiting} does."
            if missed is None:
                earned.add(rule.name)
            passed = missed is None
            points = float(rule.points)
            lines.append(
                Criterion(
                    rule.name,
                    passed,
                    points if passed else 0.0,
                    points,
                    missed or rule.holds,
                    picture,
                    getattr(failure, "misconception", None),
                )
            )
        return Verdict(self.exercise, tuple(lines), seed)

    def _named(self, error: Missed, ask: Ask, known: str | None) -> str:
        """The sentence for a lost criterion. When the answer behaves like a named mistake, `error` gets its slug, and
        the sentence its hint, unless the student has read the hint in a line above (`known`)."""
        mistake = recognise(self.exercise, ask.calls, known)
        if mistake is None:
            error.misconception = (
                None  # an error that was remembered may bear the name found for another criterion
            )
            return str(error)
        error.misconception = mistake.slug
        return str(error) if mistake.slug == known else f"{error} {mistake.hint}"


def _try(rule: Rule, ask: Ask) -> None:
    """Run one criterion. Inside the student's own process any exception may be the student's doing (a patched
    NumPy, say); outside of it an unexpected one is a fault of ours and must not become a lost mark."""
    try:
        with np.errstate(all="ignore"):
            rule.test(ask)
    except (Missed, ProbeError):
        raise
    except Exception as error:
        if isinstance(ask.student, InProcessStudent):
            raise ProbeFailed(f"The test could not be carried out ({type(error).__name__}).") from error
        raise
