"""Properties that hold for any size, scale, basis and seed: of the reference, and of the checks
that rest on it."""

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

some = settings(max_examples=60, deadline=None, derandomize=True)
few = settings(max_examples=12, deadline=None, derandomize=True)
seeds = st.integers(0, 2**63 - 1)
sizes = st.integers(1, 9)
scales = st.floats(-8, 8).map(lambda power: 10.0**power)


def turn(rng: np.random.Generator, d: int) -> np.ndarray:
    """A random orthogonal (d, d)."""
    return np.linalg.qr(rng.standard_normal((d, d)))[0]


def near(found, expected, tolerance=1e-9, scale=None) -> bool:
    largest = np.max(np.abs(expected)) if scale is None else scale
    return bool(np.all(np.abs(np.asarray(found) - expected) <= tolerance * largest))


@some
@given(seeds, sizes, sizes, sizes, scales, scales)
def test_the_kernel_knows_lengths_and_angles_only(seed, n, m, d, a, b):
    rng = np.random.default_rng(seed)
    x, other, q = rng.standard_normal((n, d)), rng.standard_normal((m, d)), turn(rng, d + 2)
    k = reference.relu_ntk(x, other)
    v = np.outer(np.linalg.norm(x, axis=1), np.linalg.norm(other, axis=1))
    assert np.all(np.abs(reference.relu_ntk(other, x).T - k) <= 1e-12 * v)
    assert np.all(np.abs(reference.relu_ntk(a * x, b * other) / (a * b) - k) <= 1e-9 * v)
    wider, others = (np.pad(part, ((0, 0), (0, 2))) @ q for part in (x, other))
    assert np.all(np.abs(reference.relu_ntk(wider, others) - k) <= 1e-9 * v)
    # the least value is at u = -.794
    assert np.all(k <= v * (1 + 1e-12)) and np.all(k >= -0.0683949 * v)


@some
@given(seeds, sizes, sizes, scales)
def test_gram_matrices_of_the_kernel(seed, n, d, a):
    rng = np.random.default_rng(seed)
    x = a * rng.standard_normal((n, d))
    k, lengths = reference.relu_ntk(x, x), np.linalg.norm(x, axis=1)
    assert near(np.diag(k), lengths**2, 1e-12)
    assert np.linalg.eigvalsh(k)[0] >= -1e-9 * np.trace(k)
    assert np.all(np.abs(np.diag(reference.relu_ntk(x, -x))) <= 1e-12 * lengths**2)
    order = rng.permutation(n)
    assert near(reference.relu_ntk(x[order], x[order]), k[order][:, order], 1e-12)


@some
@given(seeds, st.integers(1, 30), scales, scales)
def test_the_bound_in_another_basis_and_at_another_scale(seed, n, a, b):
    rng = np.random.default_rng(seed)
    root, q = rng.standard_normal((n, n + 5)), turn(rng, n)
    h, y = root @ root.T, rng.standard_normal(n)
    bound = reference.gen_bound(h, y)
    assert near(reference.gen_bound(q @ h @ q.T, q @ y), bound, 1e-8)
    assert near(reference.gen_bound(a * h, b * y), bound * b / np.sqrt(a))
    assert reference.gen_bound(h + np.eye(n), y) < bound


def problem(rng: np.random.Generator, p: int, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """X (p, n) with singular values between .5 and 2, Y (n,), w0 (p,)."""
    x = turn(rng, p)[:, :n] * rng.uniform(0.5, 2, n) @ turn(rng, n)
    return x, rng.standard_normal(n), rng.standard_normal(p)


@some
@given(seeds, st.integers(0, 12), sizes, st.integers(0, 30), st.floats(-3, 3).map(np.exp))
def test_descent_in_another_basis_at_another_scale_and_in_two_legs(seed, more, n, steps, a):
    rng = np.random.default_rng(seed)
    x, y, w0 = problem(rng, n + more, n)
    q, first = turn(rng, n + more), steps // 2
    path = reference.gradient_descent(x, y, w0, 0.2, steps)
    assert path.shape == (steps + 1, n + more)
    assert near(reference.gradient_descent(q @ x, y, q @ w0, 0.2, steps), path @ q.T)
    assert near(reference.gradient_descent(a * x, a * y, w0, 0.2 / a**2, steps), path)
    assert near(reference.gradient_descent(x, y, path[first], 0.2, steps - first), path[first:])
    beside = rng.standard_normal(n + more)
    # what no image reaches stays what it is
    beside -= x @ np.linalg.lstsq(x, beside, rcond=None)[0]
    assert near(reference.gradient_descent(x, y, w0 + beside, 0.2, steps), path + beside)


@some
@given(seeds, st.integers(0, 12), sizes)
def test_the_limit_interpolates_and_is_the_nearest_point(seed, more, n):
    rng = np.random.default_rng(seed)
    x, y, w0 = problem(rng, n + more, n)
    end = reference.minimum_norm(x, y, w0)
    assert near(x.T @ end, y, 1e-9, 1)
    assert near(reference.gradient_descent(x, y, w0, 0.4, 3000)[-1], end, 1e-6)
    beside = rng.standard_normal(n + more)
    beside -= x @ np.linalg.lstsq(x, beside, rcond=None)[0]
    assert np.linalg.norm(end + beside - w0) >= np.linalg.norm(end - w0) - 1e-9
    q = turn(rng, n + more)
    assert near(reference.minimum_norm(q @ x, y, q @ w0), q @ end)


@some
@given(seeds, st.integers(1, 12), sizes, scales)
def test_movements_in_another_basis(seed, more, n, a):
    rng = np.random.default_rng(seed)
    x, y, w0 = problem(rng, n + more, n)
    ws = a * reference.gradient_descent(x, y, w0, 0.2, 20)
    moved = reference.lazy_directions(x, ws)
    length, q = np.linalg.norm(ws[-1] - ws[0]), turn(rng, n + more)
    assert near(np.linalg.norm(moved), length)
    assert near(reference.lazy_directions(q @ x, ws @ q.T)[more:], moved[more:], 1e-6, length)
    assert np.all(moved[:more] <= 1e-6 * length)  # descent moves along the images only


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


@pytest.mark.slow  # hundreds of markings: a third of the quick tests' time
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
