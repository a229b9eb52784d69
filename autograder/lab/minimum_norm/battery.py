"""minimum_norm for 1 to 60 weights, from random starts and from zero."""

from __future__ import annotations

import numpy as np

from ...checks.ask import array
from ...checks.compare import kept, same
from ...door.student import Student
from .. import reference
from ..regression import ROUNDS, problem
from .check import PARITY

NORM = """
X, Y, w0 = X.copy(), Y.copy(), w0.copy()
w = minimum_norm(X, Y, w0)
"""


def battery(student: Student, rng: np.random.Generator) -> None:
    for turn in range(ROUNDS):
        p, n, given = problem(rng, turn)
        if turn % 5 == 4:
            given["w0"] = np.zeros(p)
        back = student.run(NORM, returns=["w", "X", "Y", "w0"], **given)
        expected = reference.minimum_norm(given["X"], given["Y"], given["w0"])
        same(array(back["w"], (p,), "the result"), expected, PARITY, f"minimum_norm, {p} × {n}")
        kept(back, given, "minimum_norm")
