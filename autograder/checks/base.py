"""Criteria and how they are run: every one starts at zero and is earned by coming to its end
without a `Missed`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..door.student import InProcessStudent, ProbeError, ProbeFailed, Student, StudentLost
from .ask import Ask, Missed
from .mistakes import NONE, Catalogue, Mistake
from .verdict import Criterion, Verdict

Failure = Missed | ProbeError
Test = Callable[[Ask], None]
Observe = Callable[[str, Failure], Any]


@dataclass(frozen=True)
class Rule:
    """One criterion. `test(ask)` returns when it holds, and raises Missed (or a ProbeError) when it
    does not.

    requires: names of earlier criteria without which this one earns nothing. Whatever a trivial
    answer satisfies (zeros are symmetric, a list of zeros has the right length) needs one.
    """

    name: str
    points: float
    holds: str
    test: Test
    requires: tuple[str, ...] = ()


class Check:
    """The criteria of one exercise, collected by the decorator `criterion`, and what the rest of
    the grader has to know of the exercise: it declares itself here and nowhere else."""

    def __init__(
        self,
        exercise: str,
        *,
        mistakes: Catalogue = NONE,
        answered_by: str | None = None,
        short: str | None = None,
        trains: bool = False,
        dtypes: Sequence[str] = ("float32", "float64"),
        in_turn: bool = False,
        drawn: bool = True,
    ):
        """exercise: its id. mistakes: those that have a name. answered_by: the exercise whose
        answer is judged, where it is not this one's own. short: the head of its column in a table.

        For the audit: trains: an answer trains a network to its end (seconds, not milliseconds).
        dtypes: torch's default dtypes under which right answers have to hold. in_turn: each seed
        gets one setting of threads and dtype, not all of them. drawn: the questions depend
        on the seed.
        """
        self.exercise = exercise
        self.mistakes = mistakes
        self.answered_by = answered_by or exercise
        self.short = short or exercise
        self.trains, self.dtypes, self.in_turn = trains, tuple(dtypes), in_turn
        self.drawn = drawn
        self.rules: list[Rule] = []

    @property
    def max_points(self) -> float:
        return float(sum(rule.points for rule in self.rules))

    def criterion(
        self, name: str, points: float, holds: str, requires: tuple[str, ...] | str = ()
    ) -> Callable[[Test], Test]:
        """Register a function of `Ask` as a criterion; `holds` is the sentence for the student when
        it does."""
        requires = (requires,) if isinstance(requires, str) else requires
        unknown = set(requires) - {rule.name for rule in self.rules}
        if unknown:
            raise ValueError(f"{name} requires {unknown}, which must come before it.")

        def register(test: Test) -> Test:
            self.rules.append(Rule(name, points, holds, test, requires))
            return test

        return register

    def run(self, student: Student, seed: int, observe: Observe | None = None) -> Verdict:
        """Try every criterion. After a StudentLost the remaining ones are lost at once; earned
        points stay.

        observe: told the name of each criterion that was tried and lost, and why (`Missed.found`
        and `.expected` say what was compared; `Missed.mistake` is known when this returns).
        It is for whoever examines the check: nothing of it enters the verdict.
        """
        memory: dict = {}
        earned: set[str] = set()
        lost: StudentLost | None = None
        lines: list[tuple[Rule, str | None, Failure | None, Ask]] = []
        for rule in self.rules:
            ask, missed, failure = Ask(student, seed, rule.name, memory), None, None
            if lost is None:
                try:
                    _try(rule, ask)
                except (Missed, ProbeError) as error:
                    failure, missed = error, str(error)
                    lost = error if isinstance(error, StudentLost) else None
                    if observe is not None:  # at once: an observer may look at what was asked last
                        observe(rule.name, error)
            else:
                missed = (
                    "Not tried, because an earlier test of this exercise ended the "
                    f"conversation: {lost}"
                )
            if missed is None and not earned.issuperset(rule.requires):
                waiting = " and ".join(f'"{name}"' for name in rule.requires if name not in earned)
                missed = f"This holds, and will count as soon as {waiting} does."
            if missed is None:
                earned.add(rule.name)
            lines.append((rule, missed, failure, ask))
        named = self._named([(failure, ask) for _, _, failure, ask in lines])
        hinted: set[str] = set()
        criteria = []
        for (rule, missed, failure, _), mistake in zip(lines, named, strict=True):
            slug = mistake.slug if mistake else None
            if isinstance(failure, Missed):
                failure.mistake = slug
            # a hint is read once, in the first line that it explains
            if mistake and mistake.slug not in hinted:
                missed = f"{missed} {mistake.hint}"
                hinted.add(mistake.slug)
            points, picture = float(rule.points), getattr(failure, "picture", None)
            won = points if missed is None else 0.0
            criteria.append(
                Criterion(
                    rule.name, missed is None, won, points, missed or rule.holds, picture, slug
                )
            )
        return Verdict(self.exercise, tuple(criteria), seed)

    def _named(self, tried: list[tuple[Failure | None, Ask]]) -> list[Mistake | None]:
        """The named mistake behind each lost criterion, if there is one."""
        lost = {
            i: ask.calls for i, (failure, ask) in enumerate(tried) if isinstance(failure, Missed)
        }
        if not lost:
            return [None] * len(tried)
        found = dict(zip(lost, self.mistakes.recognise([*lost.values()]), strict=True))
        return [found.get(i) for i in range(len(tried))]


def _try(rule: Rule, ask: Ask) -> None:
    """Run one criterion. Inside the student's own process any exception may be the student's doing
    (a patched NumPy, say); outside of it an unexpected one is a fault of ours and must not become a
    lost mark."""
    try:
        with np.errstate(all="ignore"):
            rule.test(ask)
    except (Missed, ProbeError):
        raise
    except Exception as error:
        if isinstance(ask.student, InProcessStudent):
            raise ProbeFailed(
                f"The test could not be carried out ({type(error).__name__})."
            ) from error
        raise
