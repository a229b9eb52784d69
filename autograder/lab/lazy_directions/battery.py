"""lazy_directions for 1 to 60 weights, on paths of gradient descent and on random ones."""

from __future__ import annotations

import numpy as np

from ...checks.ask import array
from ...checks.compare import Missed, kept, same
from ...door.student import Student
from .. import reference
from ..draw import log_uniform
from ..regression import ROUNDS, problem

DIRECTIONS = """
X, ws = X.copy(), ws.copy()
moved = lazy_directions(X, ws)
"""
# closer than the check asks for: a mutant in between is a survivor, and somebody looks at it
CLOSE = 1e-8


def battery(student: Student, rng: np.random.Generator) -> None:
    for turn in range(ROUNDS):
        p, n, given = problem(rng, turn)
        x, rows = given["X"], int(rng.integers(1, 12))
        if turn % 2:
            eta = float(0.5 / np.linalg.norm(x, 2) ** 2)
            ws = reference.gradient_descent(x, given["Y"], given["w0"], eta, rows)
        else:
            ws = rng.standard_normal((rows, p)) * log_uniform(rng, 1e-2, 1e2)
        back = student.run(DIRECTIONS, returns=["moved", "X", "ws"], X=x, ws=ws)
        found, expected = array(back["moved"], (p,), "the result"), reference.lazy_directions(x, ws)
        scale, what = float(np.abs(ws).max()), f"lazy_directions, {p} × {n}"
        same(found[p - n :], expected[p - n :], CLOSE, what, scale)
        # on the null space the basis is anyone's choice: only the length of the movement is fixed
        same(np.linalg.norm(found[: p - n]), np.linalg.norm(expected[: p - n]), CLOSE, what, scale)
        if np.any(found < 0):
            raise Missed("lazy_directions: negative movements")
        kept(back, {"X": x, "ws": ws}, "lazy_directions")
