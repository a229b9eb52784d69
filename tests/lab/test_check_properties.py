"""Properties of the checks that hold for any seed, and for whatever comes back: hundreds of
markings."""

from __future__ import annotations

import functools
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.door.student import InProcessStudent
from autograder.lab import reference
from tests.helpers.answers import load
from tests.helpers.lab import CHECKS, EXERCISES, run_check

few = settings(max_examples=12, deadline=None, derandomize=True)
seeds = st.integers(0, 2**63 - 1)

RESULTS = {"ntk_kernel": "k", "gen_bound": "bound", "gradient_descent": "ws", "minimum_norm": "w"}
RESULTS |= {"lazy_directions": "moved", "empirical_ntk": "kernel", "predicted_loss": "losses"}
RESULTS |= {"alignment": "aligned", "scaled": "after"}
TRAINED = [e for e in EXERCISES if CHECKS.load(e).trains]
FIXED = [e for e in EXERCISES if not CHECKS.load(e).drawn]


class Altered:
    """A student who answers rightly, and whose results are altered on the way."""

    def __init__(self, exercise: str, alter):
        self.student = InProcessStudent(load(exercise, "right-reference"))
        self.name, self.alter = RESULTS[exercise], alter

    def run(self, probe, *, returns, **inputs):
        back = self.student.run(probe, returns=returns, **inputs)
        if self.name in back:
            back[self.name] = self.alter(np.asarray(back[self.name], dtype=np.float64))
        return back


def points(student, exercise: str, seed: int) -> tuple[float, float]:
    verdict = run_check(exercise, student, seed)
    return verdict.points, verdict.max_points


@pytest.mark.parametrize("exercise", [e for e in EXERCISES if e not in TRAINED])
@few
@given(seed=seeds)
def test_the_right_answer_earns_everything_whatever_the_seed(exercise, seed):
    earned, most = points(InProcessStudent(load(exercise, "right-reference")), exercise, seed)
    assert earned == most


@pytest.mark.parametrize("exercise", RESULTS)
@few
@given(seed=seeds, noise=st.floats(0, 1e-10))
def test_roundings_of_another_order_of_operations_cost_nothing(exercise, seed, noise):
    rng = np.random.default_rng(seed)
    student = Altered(exercise, lambda value: value * (1 + noise * rng.uniform(-1, 1, value.shape)))
    earned, most = points(student, exercise, seed)
    assert earned == most


@pytest.mark.parametrize("exercise", RESULTS)
@few
@given(seed=seeds, factor=st.floats(-2, 2).filter(lambda c: abs(c - 1) > 1e-3))
def test_no_factor_is_overlooked(exercise, seed, factor):
    earned, most = points(Altered(exercise, lambda value: factor * value), exercise, seed)
    assert earned < most


@pytest.mark.parametrize("exercise", RESULTS)
@few
@given(seed=seeds, share=st.floats(1e-3, 1), sign=st.sampled_from((-1, 1)))
def test_no_single_entry_is_overlooked(exercise, seed, share, sign):
    """One entry of each result is off, by at least a thousandth of the largest."""
    rng = np.random.default_rng(seed)

    def alter(value):
        value = np.array(value)
        if value.size:
            value.flat[rng.integers(value.size)] += sign * share * np.max(np.abs(value))
        return value

    earned, most = points(Altered(exercise, alter), exercise, seed)
    assert earned < most


class Remembering:
    """An answer that is asked only once what it was asked before, in the same words."""

    def __init__(self, exercise: str):
        self.student, self.replies = InProcessStudent(load(exercise, "right-reference")), {}

    def run(self, probe, *, returns, **inputs):
        question = pickle.dumps((probe, returns, inputs))
        if question not in self.replies:
            self.replies[question] = self.student.run(probe, returns=returns, **inputs)
        return self.replies[question]


remembering = functools.cache(Remembering)


class Strange:
    """An answer of the right kind from afar, except that the replies to one probe are something
    else."""

    def __init__(self, exercise: str, number: int, reply):
        self.student = remembering(exercise)
        self.left, self.reply = number, reply

    def run(self, probe, *, returns, **inputs):
        back = self.student.run(probe, returns=returns, **inputs)
        self.left -= 1
        return dict.fromkeys(back, self.reply) if self.left == -1 else back


STRANGE = {
    "nothing": None,
    "text": "1.0",
    "truth": True,
    "ragged": [[1.0], [1.0, 2.0]],
    "names": {"a": [1]},
    "empty": [],
    "long": 10**400,
    "longs": [[10**400]],
    "largest": np.full((4, 1), 1.7e308),
    "words": ["a", "b"],
    "no rows": np.zeros((0, 1)),
    "deep": [[[[[1.0]]]]],
    "not a number": [[float("nan")]],
    "mixed": [1.0, None, "x"],
    "truths": np.ones((4, 1), bool),
    "unsigned": np.full((4, 1), 2**64 - 1, np.uint64),
}


def once(function):
    """The same function, which computes nothing twice."""
    known = {}

    def asked(*given):
        question = pickle.dumps(given)
        if question not in known:
            known[question] = function(*given)
            known[question].setflags(write=False)
        return known[question]

    return asked


COMPUTED = ("relu_ntk", "network_ntk", "gradient_descent")
REFERENCES = {name: once(getattr(reference, name)) for name in COMPUTED}


@pytest.fixture
def references_once(monkeypatch):
    for name, function in REFERENCES.items():
        monkeypatch.setattr(reference, name, function)


@pytest.mark.parametrize("exercise", [e for e in EXERCISES if e not in (*TRAINED, *FIXED)])
@pytest.mark.parametrize("reply", STRANGE)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.usefixtures("references_once")
def test_a_strange_reply_to_any_probe_is_a_lost_criterion_and_no_fault_of_the_grader(
    exercise, reply
):
    number = 0
    while True:
        student = Strange(exercise, number, STRANGE[reply])
        verdict = run_check(exercise, student, 5)
        if student.left >= 0:
            break  # there are no more probes
        number += 1
        assert verdict.points < verdict.max_points, (number, verdict)
