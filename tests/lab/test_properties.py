"""Properties of the reference that hold for any size, scale, basis and seed."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.lab import reference

some = settings(max_examples=60, deadline=None, derandomize=True)
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
