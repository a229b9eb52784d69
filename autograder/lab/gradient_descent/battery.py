"""gradient_descent for 1 to 60 weights, any number of points up to that, and many step sizes."""

from __future__ import annotations

import numpy as np

from ...checks.ask import array
from ...checks.compare import kept, same
from ...door.student import Student
from .. import reference
from ..regression import ROUNDS, problem
from .check import PARITY

DESCENT = """
X, Y, w0 = X.copy(), Y.copy(), w0.copy()
ws = gradient_descent(X, Y, w0, eta, int(T))
"""


def battery(student: Student, rng: np.random.Generator) -> None:
    for turn in range(ROUNDS):
        p, n, given = problem(rng, turn)
        eta, steps = (
            float(rng.uniform(0.02, 1.9) / np.linalg.norm(given["X"], 2) ** 2),
            int(rng.integers(0, 60)),
        )
        back = student.run(DESCENT, returns=["ws", "X", "Y", "w0"], eta=eta, T=steps, **given)
        expected = reference.gradient_descent(given["X"], given["Y"], given["w0"], eta, steps)
        same(
            array(back["ws"], (steps + 1, p), "the result"),
            expected,
            PARITY,
            f"gradient_descent, {p} × {n}",
        )
        kept(back, given, "gradient_descent")
