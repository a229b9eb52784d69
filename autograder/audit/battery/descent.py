"""Notebook 2's three functions, for 1 to 60 weights, any number of points up to that, and many step
sizes."""

from __future__ import annotations

import numpy as np

from ... import reference
from ...checks.ask import array
from ...door.student import Student
from .draw import Differs, kept, log_uniform, matrix, same

ROUNDS = 30
PARITY = 1e-8  # single precision is 1e-7 off


def problem(rng: np.random.Generator, turn: int) -> tuple[int, int, dict[str, np.ndarray]]:
    """p, n, and X (p, n) of rank n, Y, w0. At the first turns a single weight, a single point, as
    many of both."""
    p = 1 if turn == 0 else int(rng.integers(2, 60))
    n = {0: 1, 1: 1, 2: p}.get(turn, int(rng.integers(1, p + 1)))
    scale = log_uniform(rng, 1e-2, 1e2, 3)
    x = matrix(rng, p, n) * scale[0]
    return (
        p,
        n,
        {"X": x, "Y": scale[1] * rng.standard_normal(n), "w0": scale[2] * rng.standard_normal(p)},
    )


DESCENT = """
X, Y, w0 = X.copy(), Y.copy(), w0.copy()
ws = gradient_descent(X, Y, w0, eta, int(T))
"""


def gradient_descent(student: Student, rng: np.random.Generator) -> None:
    for turn in range(ROUNDS):
        p, n, given = problem(rng, turn)
        eta, steps = (
            rng.uniform(0.02, 1.9) / np.linalg.norm(given["X"], 2) ** 2,
            int(rng.integers(0, 60)),
        )
        back = student.run(
            DESCENT, returns=["ws", "X", "Y", "w0"], eta=float(eta), T=steps, **given
        )
        expected = reference.gradient_descent(given["X"], given["Y"], given["w0"], eta, steps)
        same(
            array(back["ws"], (steps + 1, p), "the result"),
            expected,
            PARITY,
            f"gradient_descent, {p} × {n}",
        )
        kept(back, given, "gradient_descent")


DIRECTIONS = """
X, ws = X.copy(), ws.copy()
moved = lazy_directions(X, ws)
"""


def lazy_directions(student: Student, rng: np.random.Generator) -> None:
    for turn in range(ROUNDS):
        p, n, given = problem(rng, turn)
        x, rows = given["X"], int(rng.integers(1, 12))
        if turn % 2:
            eta = 0.5 / np.linalg.norm(x, 2) ** 2
            ws = reference.gradient_descent(x, given["Y"], given["w0"], eta, rows)
        else:
            ws = rng.standard_normal((rows, p)) * log_uniform(rng, 1e-2, 1e2)
        back = student.run(DIRECTIONS, returns=["moved", "X", "ws"], X=x, ws=ws)
        found, expected = array(back["moved"], (p,), "the result"), reference.lazy_directions(x, ws)
        scale, what = float(np.abs(ws).max()), f"lazy_directions, {p} × {n}"
        same(found[p - n :], expected[p - n :], PARITY, what, scale)
        # on the null space the basis is anyone's choice: only the length of the movement is fixed
        same(np.linalg.norm(found[: p - n]), np.linalg.norm(expected[: p - n]), PARITY, what, scale)
        if np.any(found < 0):
            raise Differs("lazy_directions: negative movements")
        kept(back, {"X": x, "ws": ws}, "lazy_directions")


NORM = """
X, Y, w0 = X.copy(), Y.copy(), w0.copy()
w = minimum_norm(X, Y, w0)
"""


def minimum_norm(student: Student, rng: np.random.Generator) -> None:
    for turn in range(ROUNDS):
        p, n, given = problem(rng, turn)
        if turn % 5 == 4:
            given["w0"] = np.zeros(p)
        back = student.run(NORM, returns=["w", "X", "Y", "w0"], **given)
        expected = reference.minimum_norm(given["X"], given["Y"], given["w0"])
        same(array(back["w"], (p,), "the result"), expected, PARITY, f"minimum_norm, {p} × {n}")
        kept(back, given, "minimum_norm")
