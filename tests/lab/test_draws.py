"""What a patient student learns from feedback that may be drawn again and again (`ntk watch`), for
two exercises: how many outcomes one draw can tell apart, at each of the three settings; that no two
draws ask the same; that only the student's own words carry what was asked out.

docs/grading-and-security.md states these figures.
"""

from __future__ import annotations

import inspect
import itertools
import math
from collections.abc import Callable, Iterable, Iterator

import numpy as np
import pytest

from autograder.checks.verdict import Verdict
from autograder.door.student import InProcessStudent, ProbeFailed
from tests.conftest import ROOT
from tests.helpers.lab import load

# {exercise: sums of points, patterns of criteria that one draw can tell apart}: what the page
# states
OUTCOMES = {"gradient_descent": (10, 34), "minimum_norm": (12, 20)}
EXERCISES = tuple(OUTCOMES)
SAID = 300  # characters of a student's own exception that a criterion repeats


class Insider:
    """A student whose code knows the right answer, and spoils those calls that it chooses to: so it
    sends out of the sandbox what it has seen in it."""

    def __init__(self, exercise: str, spoil: Iterable[int] = ()):
        namespace: dict = {}
        path = ROOT / "tests" / "answers" / exercise / "right-reference.py"
        exec(compile("import numpy as np\n" + path.read_text(), str(path), "exec"), namespace)
        self.honest = InProcessStudent(namespace)
        self.spoil, self.calls = set(spoil), 0
        self.asked: list[dict] = []
        self.says: Callable[[dict], str] = lambda inputs: "spoilt"

    def run(self, probe, *, returns, **inputs):
        call, self.calls = self.calls, self.calls + 1
        self.asked.append(inputs)
        if call in self.spoil:
            raise ProbeFailed(f"Your code raised ValueError: {self.says(inputs)}"[: SAID + 30])
        return self.honest.run(probe, returns=returns, **inputs)


class Chooser(Insider):
    """Spoils whatever the criteria of these names ask."""

    def __init__(self, exercise: str, names: Iterable[str]):
        super().__init__(exercise)
        tests = {rule.name: rule.test.__name__ for rule in load(exercise).rules}
        self.tests = {tests[name] for name in names}

    def run(self, probe, *, returns, **inputs):
        if self.tests & set(callers()):
            raise ProbeFailed("Your code raised ValueError: spoilt")
        return super().run(probe, returns=returns, **inputs)


def callers() -> Iterator[str]:
    """The names of the functions that wait for this one. (inspect.stack() looks for their source in
    every module there is.)"""
    frame = inspect.currentframe()
    while frame := frame.f_back:
        yield frame.f_code.co_name


def verdicts(exercise: str, seed: int = 7) -> list[Verdict]:
    """The verdicts of all ways to spoil criteria."""
    check = load(exercise)
    assert check.run(Insider(exercise), seed).points == check.max_points
    names = [rule.name for rule in check.rules]
    chosen = [c for size in range(len(names) + 1) for c in itertools.combinations(names, size)]
    return [check.run(Chooser(exercise, some), seed) for some in chosen]


@pytest.mark.parametrize("exercise", EXERCISES)
def test_how_many_outcomes_one_draw_tells_apart(exercise):
    found = verdicts(exercise)
    points = {verdict.points for verdict in found}
    patterns = {tuple(c.passed for c in verdict.criteria) for verdict in found}
    assert (len(points), len(patterns)) == OUTCOMES[exercise]
    bits = max(math.log2(sums) for sums, _ in OUTCOMES.values())
    assert bits < 3.6 and max(math.log2(all) for _, all in OUTCOMES.values()) < 5.1


@pytest.mark.parametrize("exercise", EXERCISES)
def test_no_two_draws_ask_the_same(exercise):
    """What one draw has told is never asked again: a table of earlier questions is worth
    nothing."""
    asked = []
    for seed in range(6):
        student = Insider(exercise)
        load(exercise).run(student, seed)
        arrays = [value for call in student.asked for value in call.values()]
        drawn = [a for a in arrays if isinstance(a, np.ndarray) and np.count_nonzero(a) > 1]
        asked.append({array.tobytes() for array in drawn})  # (w0 = 0 is asked of everybody)
    for one, other in itertools.combinations(asked, 2):
        assert one and not one & other


@pytest.mark.parametrize("exercise", EXERCISES)
def test_sentences_are_the_same_whatever_was_asked_but_for_the_students_own_words(exercise):
    """At `messages` a verdict repeats the start of the student's own exception, and so whatever the
    code has seen; our own sentences do not depend on the inputs."""
    check = load(exercise)
    wrong = f"import numpy as np\ndef {exercise}(*inputs):\n    return np.zeros(3)\n"
    said = set()
    for seed in range(4):
        namespace: dict = {}
        exec(wrong, namespace)
        verdict = check.run(InProcessStudent(namespace), seed)
        said.add(tuple(c.message for c in verdict.criteria))
    assert len(said) == 1
    spy = Insider(exercise, range(100))
    spy.says = lambda inputs: repr(inputs["X"].ravel().tolist())
    verdict = check.run(spy, 7)
    first = f"{spy.asked[0]['X'].flat[0]:.6f}"
    assert first[:7] in verdict.criteria[0].message
    assert max(len(c.message) for c in verdict.criteria) <= SAID + 60
    assert not any(first[:7] in c.name or first[:7] in f"{c.points}" for c in verdict.criteria)
