"""The quantities of `autograder.lab.reference` at 50 digits (mpmath), each written from its
definition, by loops.

Inputs are NumPy arrays, whose float64 entries are taken as the exact numbers that they are; outputs
too, rounded once.
"""

# An array keeps its name when it becomes a list of exact numbers:
# mypy: allow-redefinition
from __future__ import annotations

from collections.abc import Callable
from functools import wraps

import numpy as np
from mpmath import matrix, mp, mpf

DIGITS = 50


def at_fifty_digits(work: Callable[..., object]) -> Callable[..., np.ndarray]:
    @wraps(work)
    def precise(**arguments: np.ndarray) -> np.ndarray:
        with mp.workdps(DIGITS):
            return np.array(work(**arguments), dtype=np.float64)

    return precise


def exact(values: np.ndarray) -> list:
    """Nested lists of mpf."""
    values = np.asarray(values)
    return mpf(float(values)) if values.ndim == 0 else [exact(part) for part in values]


def dot(a: list, b: list) -> mpf:
    return mp.fsum(x * y for x, y in zip(a, b, strict=True))


def angle(a: list, b: list) -> tuple:
    """θ, the cosine's arccosine, and v: half of the digits that it loses near 0 and π are still
    25."""
    v = mp.sqrt(dot(a, a) * dot(b, b))
    return mp.acos(max(mpf(-1), min(mpf(1), dot(a, b) / v))), v


def normalised(a: list, b: list) -> mpf:
    """The kernel divided by v, from the expectations over Gaussian weights: u κ₀(u) + κ₁(u)."""
    theta, _ = angle(a, b)
    step = (1 - theta / mp.pi) / 2  # E[1(w·a > 0) 1(w·b > 0)]
    # E[relu(w·â) relu(w·b̂)]
    ramp = (mp.sin(theta) + (mp.pi - theta) * mp.cos(theta)) / (2 * mp.pi)
    return mp.cos(theta) * step + ramp


@at_fifty_digits
def angles(x: np.ndarray, xprime: np.ndarray) -> list:
    return [[angle(a, b)[0] for b in exact(xprime)] for a in exact(x)]


@at_fifty_digits
def relu_ntk(x: np.ndarray, xprime: np.ndarray) -> list:
    return [[angle(a, b)[1] * normalised(a, b) for b in exact(xprime)] for a in exact(x)]


@at_fifty_digits
def network_ntk(x: np.ndarray, w: np.ndarray, a: np.ndarray) -> list:
    x, w, a = exact(x), exact(w), exact(a)
    return [[dot(gradient(p, w, a), gradient(q, w, a)) for q in x] for p in x]


def gradient(x: list, w: list, a: list) -> list:
    """Of m^(-1/2) Σ a_r relu(w_r·x) by all weights, one after the other."""
    scale, flat = 1 / mp.sqrt(len(a)), []
    for row, slope in zip(w, a, strict=True):
        inside = dot(row, x)
        flat += [scale * slope * (inside > 0) * part for part in x]
        flat.append(scale * max(inside, mpf(0)))
    return flat


@at_fifty_digits
def sgd(
    w: np.ndarray,
    b: np.ndarray,
    a: np.ndarray,
    c: np.ndarray,
    lr: np.ndarray,
    passes: np.ndarray,
    **batches: np.ndarray,
) -> list:
    """The losses, then the final weights, flat."""
    w, b, [a], [c], lr, losses = exact(w), exact(b), exact(a), exact(c), mpf(float(lr)), []
    for _ in range(int(passes)):
        for i in range(len(batches) // 2):
            x, targets = (
                exact(batches[f"x{i}"]),
                [mpf(int(label)) / 9 for label in batches[f"labels{i}"]],
            )
            inside = [[dot(row, p) + shift for row, shift in zip(w, b, strict=True)] for p in x]
            errors = [
                dot(a, [max(h, mpf(0)) for h in hs]) + c - t
                for hs, t in zip(inside, targets, strict=True)
            ]
            losses.append(dot(errors, errors) / len(x))
            slopes = [2 * error / len(x) for error in errors]
            back = [
                [s * r if h > 0 else mpf(0) for s, h in zip(slopes, column(inside, j), strict=True)]
                for j, r in enumerate(a)
            ]
            w = [
                [p - lr * dot(g, column(x, k)) for k, p in enumerate(row)]
                for row, g in zip(w, back, strict=True)
            ]
            b = [p - lr * mp.fsum(g) for p, g in zip(b, back, strict=True)]
            a = [
                p - lr * dot(slopes, [max(h, mpf(0)) for h in column(inside, j)])
                for j, p in enumerate(a)
            ]
            c -= lr * mp.fsum(slopes)
    return [*losses, *(p for row in w for p in row), *b, *a, c]


def column(rows: list, k: int) -> list:
    return [row[k] for row in rows]


@at_fifty_digits
def regression(gram: np.ndarray, cross: np.ndarray, labels: np.ndarray) -> list:
    weights = list(
        mp.lu_solve(matrix(exact(gram)), matrix([mpf(int(label)) / 9 for label in labels]))
    )
    return [dot(row, weights) for row in exact(cross)]


@at_fifty_digits
def gen_bound(h: np.ndarray, y: np.ndarray) -> mpf:
    y = exact(y)
    return mp.sqrt(2 * dot(y, list(mp.lu_solve(matrix(exact(h)), matrix(y)))) / len(y))


@at_fifty_digits
def gradient_descent(
    x: np.ndarray, y: np.ndarray, w0: np.ndarray, eta: np.ndarray, steps: np.ndarray
) -> list:
    x, y, w, eta = exact(x), exact(y), exact(w0), mpf(float(eta))
    path = [w]
    for _ in range(int(steps)):
        errors = [dot(column(x, j), w) - target for j, target in enumerate(y)]
        w = [part - eta * dot(row, errors) for part, row in zip(w, x, strict=True)]
        path.append(w)
    return path


@at_fifty_digits
def lazy_directions(x: np.ndarray, ws: np.ndarray) -> list:
    x, move = (
        exact(x),
        [last - first for first, last in zip(exact(ws[0]), exact(ws[-1]), strict=True)],
    )
    # columns, by ascending eigenvalues
    vectors = mp.eigsy(matrix([[dot(p, q) for q in x] for p in x]))[1]
    return [abs(dot(move, list(vectors[:, k]))) for k in range(len(move))]


@at_fifty_digits
def minimum_norm(x: np.ndarray, y: np.ndarray, w0: np.ndarray) -> list:
    """w0 + Xλ, with the Lagrange multipliers λ of the constraint Xᵀw = y."""
    x, y, w0 = exact(x), exact(y), exact(w0)
    columns = [column(x, j) for j in range(len(y))]
    gaps = [target - dot(c, w0) for c, target in zip(columns, y, strict=True)]
    normal = matrix([[dot(p, q) for q in columns] for p in columns])
    multipliers = list(mp.lu_solve(normal, matrix(gaps)))
    return [part + dot(row, multipliers) for part, row in zip(w0, x, strict=True)]
