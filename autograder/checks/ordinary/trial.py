"""Tries an ordinary test cell on a student, through the narrow door, and says what it earns.

nbgrader's meaning of points is kept: all of them when the cell runs to its end without an error and
without a word on standard error; where its last line is a number, that number.
"""

from __future__ import annotations

import ast
import builtins
import inspect
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ...door import statements as inside
from ...door.student import ProbeError, ProbeFailed, Student, told
from ...text import one_line
from ..base import Observe
from ..verdict import Criterion, Verdict
from . import canary
from .canary import Canary
from .cell import Statement, TestCell

PROBE = (
    inspect.getsource(inside)
    + "\n\noutcomes, value, noise = attempt(steps, last, waits, namespace)\n"
)
WHOLE = "the whole test"
HOLDS, FAILS = "Holds.", "Does not hold."
WAITS = "Holds, and will count as soon as the whole test does."
NOT_TRIED = "Not tried: the test had ended in an error before."
BENT = "The tests did not work as tests here: nothing is counted."
NOISE = "Something was written on standard error (a warning?): nbgrader counts that as an error."


@dataclass
class Trial:
    """The outcome: the verdict, sentences for the instructor (`review`: those that a person must
    look at), and NameErrors."""

    verdict: Verdict
    incidents: list[str] = field(default_factory=list)
    review: list[str] = field(default_factory=list)
    name_errors: list[str] = field(default_factory=list)


def try_cell(
    test: TestCell,
    student: Student,
    seed: int,
    *,
    partial: bool = False,
    observe: Observe | None = None,
) -> Trial:
    """Never raises for what the student's side does. partial: each statement that asserts earns
    its share, where nbgrader gives all or nothing. The seed places the canaries. observe: told the
    name of each criterion that is lost (see `Check.run`)."""
    attempt = _Attempt(test, student, seed, partial)
    trial = attempt.trial()
    for criterion, failed in attempt.losses() if observe else ():
        observe(criterion, failed)  # type: ignore[misc]
    return trial


def run_again(test: TestCell, student: Student) -> None:
    """Run the cell once more for what it defines, in a kernel that has been started afresh."""
    steps = [[statement.text, not statement.asserts] for statement in test.statements]
    student.run(PROBE, returns=["noise"], steps=steps, last=-1, waits=test.waits)


class StatementFailed(ProbeFailed):
    """A statement of the test did not hold. `statement`: its code."""

    def __init__(self, statement: str, kind: str, message: str):
        super().__init__(told(kind, message))
        self.statement, self.kind, self.message = statement, kind, message


class _Attempt:
    def __init__(self, test: TestCell, student: Student, seed: int, partial: bool):
        self.test, self.student, self.seed, self.partial = test, student, seed, partial
        self.failed: dict[int, tuple[str, str]] = {}  # statement: kind and message of its error
        self.tried: set[int] = set()
        self.lost = ""  # why no further question is answered
        self.value: Any = None
        self.noise = 0
        self.bent: list[Canary] = []

    def trial(self) -> Trial:
        for steps in self._turns():
            self._ask(steps)
            if self.lost or self._ended():
                break
        trial = Trial(Verdict(self.test.exercise, tuple(self._criteria()), self.seed))
        trial.name_errors = [m for kind, m in self.failed.values() if kind == "NameError"]
        if self.bent:
            bird = self.bent[0]
            trial.incidents.append(
                f"{self.test.exercise}: code of the notebook changes what assertions do "
                f"(`{bird.code}` {'did not hold' if bird.holds else 'did not fail'}): the exercise "
                "earns nothing."
            )
        for index, (kind, message) in self.failed.items():
            missing = _missing(self.test.statements[index], kind, message)
            if missing:
                trial.review.append(
                    f"The test {self.test.exercise!r} imports {missing}, which is not installed "
                    "where notebooks are marked: install it there, or change the test."
                )
        if self._score() is None and self.value == "number":
            trial.incidents.append(
                f"{self.test.exercise}: the test ends in something that only looks like a number: "
                "it earns nothing."
            )
        trial.incidents += trial.review
        return trial

    def losses(self) -> Iterator[tuple[str, StatementFailed]]:
        """Each statement that did not hold, with its criterion's name, for whoever examines the
        test."""
        body = ast.parse(self.test.source).body
        for index, (kind, message) in sorted(self.failed.items()):
            code = ast.get_source_segment(self.test.source, body[index]) or ""
            yield self._names().get(index, WHOLE), StatementFailed(code, kind, message)

    def _turns(self) -> list[list[int | Canary]]:
        """The statements in turns, each up to one that asserts, with canaries among them. What
        students may see and what not are never on the way together."""
        rng = random.Random(self.seed ^ hash_of(self.test.exercise))
        turns: list[list[int | Canary]] = [[]]
        leaned: set[str] = set()
        for index, statement in enumerate(self.test.statements):
            if index and statement.hidden != self.test.statements[index - 1].hidden:
                turns.append([])
            turns[-1].append(index)
            for name in statement.calls:
                own = name.partition(".")[0] in self.test.asked
                bird = None if own or name in leaned else canary.of_function(name, rng)
                leaned.add(name)
                if bird is not None:
                    turns[-1].append(bird)
            if statement.asserts:
                turns.append([])
        turns = [turn for turn in turns if turn] or [[]]
        # a pair in the first turn: whatever is earned has been proved; another one anywhere
        for turn in (turns[0], rng.choice(turns)):
            for bird in canary.pair(rng):
                turn.insert(rng.randint(0, len(turn)), bird)
        return turns

    def _ask(self, turn: list[int | Canary]) -> None:
        told = [s if isinstance(s, Canary) else self.test.statements[s] for s in turn]
        steps: list[Any] = [
            [s.code, False] if isinstance(s, Canary) else [s.text, not s.asserts] for s in told
        ]
        try:
            reply: dict[str, Any] = self.student.run(
                PROBE,
                returns=["outcomes", "value", "noise"],
                steps=steps,
                last=turn.index(self.test.last) if self.test.last in turn else -1,
                waits=self.test.waits,
            )
        except ProbeError as error:
            self.lost = str(error)
            return
        try:
            outcomes = [(bool(ok), str(kind), str(words)) for ok, kind, words in reply["outcomes"]]
            self.noise += int(reply["noise"])
        except Exception:  # whatever it is: the sender is not trusted
            self.lost = "The answer is no answer."
            return
        for step, (ok, kind, words) in zip(turn, outcomes, strict=False):
            if isinstance(step, Canary):
                if not step.sings(ok=ok, kind=kind):
                    self.bent.append(step)
                continue
            self.tried.add(step)
            if not ok:
                self.failed[step] = one_line(kind, 80), one_line(words, 300)
        if len(outcomes) < len(turn) and not self._ended():
            self.lost = "The test was not tried to its end."
        if self.test.last in self.tried:
            self.value = reply["value"]

    def _ended(self) -> bool:
        """Whether a statement failed that is no assertion: what comes after it cannot be told."""
        return any(not self.test.statements[i].asserts for i in self.failed)

    def _whole(self) -> bool:
        """Whether nbgrader would have seen no error."""
        everything = len(self.tried) == len(self.test.statements)
        return everything and not (self.failed or self.lost or self.noise or self.bent)

    def _score(self) -> float | None:
        """The number that the cell ends in, between 0 and its points; None when there is none."""
        try:
            number = float(self.value)
        except (TypeError, ValueError):
            return None
        return min(max(number, 0.0), self.test.points) if math.isfinite(number) else 0.0

    def _criteria(self) -> list[Criterion]:
        """One for each statement that asserts, and one for all of them together."""
        score, whole, points = self._score(), self._whole(), self.test.points
        asserting = self.test.asserting
        by_share = self.partial and bool(asserting) and self.test.last < 0
        shares = _shares(points, len(asserting)) if by_share else [0.0] * len(asserting)
        found, names = [], self._names()
        for index, share in zip(asserting, shares, strict=True):
            held = index in self.tried and index not in self.failed and not self.bent
            message = self._said(index)
            if held and not (by_share or whole):
                message = WAITS
            earned = share if held else 0.0
            found.append(Criterion(names[index], held, earned, share, message))
        worth = 0.0 if by_share else points
        earned = worth if whole else 0.0
        if whole and self.value == "number":
            earned = 0.0
        elif whole and score is not None:
            earned = score
        passed = whole and earned >= worth
        found.append(Criterion(WHOLE, passed, earned, worth, self._summary(whole, earned)))
        return found

    def _names(self) -> dict[int, str]:
        """What the criterion of each statement that asserts is called: by its code, where students
        may see it."""
        names, hidden = {}, 0
        for place, index in enumerate(self.test.asserting, start=1):
            statement = self.test.statements[index]
            hidden += statement.hidden
            names[index] = (
                f"hidden test {hidden}" if statement.hidden else f"{place}. {statement.code}"
            )
        return names

    def _said(self, index: int) -> str:
        """What a student is told of one statement."""
        statement = self.test.statements[index]
        if self.bent:
            return BENT
        if index not in self.failed:
            return HOLDS if index in self.tried else (self.lost or NOT_TRIED)
        kind, message = self.failed[index]
        if statement.hidden:
            return statement.words or (
                "A hidden test does not hold."
                if kind == "AssertionError"
                else f"A hidden test ended in {kind if _known(kind) else 'an error'}."
            )
        if kind == "AssertionError":
            return message or FAILS
        return told(kind, message)

    def _summary(self, whole: bool, earned: float) -> str:
        if self.bent:
            return BENT
        broken = [i for i in self.failed if not self.test.statements[i].asserts]
        if broken:
            return self._said(broken[0])
        if self.lost:
            return self.lost
        if self.failed:
            return "Not every test holds."
        if self.noise:
            return NOISE
        if not whole:
            return NOT_TRIED
        if earned < self.test.points:
            return f"The test gives {earned:g} of {self.test.points:g} points."
        return "It ran to its end without an error."


def _known(kind: str) -> bool:
    """Whether an error is one of Python's own: any other name is a student's text."""
    return isinstance(getattr(builtins, kind, None), type)


def hash_of(name: str) -> int:
    return int.from_bytes(name.encode(), "big") % (1 << 61)


def _shares(points: float, count: int) -> list[float]:
    """Equal shares, and a last one that is hardly more. They add up to the points exactly, since
    multiples of 2^-20 are added without rounding."""
    share = math.floor(points / count * 2**20) / 2**20
    return [share] * (count - 1) + [points - share * (count - 1)]


def _missing(statement: Statement, kind: str, message: str) -> str:
    """The module that a test's own import did not find."""
    if kind not in ("ModuleNotFoundError", "ImportError"):
        return ""
    roots = {name.partition(".")[0] for name in statement.imports}
    return next((root for root in roots if f"'{root}" in message), "")
