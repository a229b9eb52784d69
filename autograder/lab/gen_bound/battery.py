"""gen_bound for 1 to 150 points, labels of any size, matrices of any size and conditions up to
1e6."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...checks.ask import number
from ...checks.compare import Missed, kept, same
from ...door.student import Student
from .. import reference
from ..draw import log_uniform, orthonormal
from .check import PARITY

PROBE = """
import torch
H, y = torch.from_numpy(H.copy()), torch.from_numpy(y.copy())
bound = gen_bound(H, y)
again = gen_bound(H, y)
"""
ROUNDS = 24


def battery(student: Student, rng: np.random.Generator) -> None:
    for turn in range(ROUNDS):
        n = 1 if turn == 0 else int(rng.integers(2, 150))
        spread = np.geomspace(1 / log_uniform(rng, 1, 1e6), 1, n)
        basis = orthonormal(rng, n, n)
        h = (basis * spread) @ basis.T * log_uniform(rng, 1e-3, 1e3)
        h = (h + h.T) / 2
        y = (
            rng.choice([-1.0, 1.0], n)
            if turn % 2
            else log_uniform(rng, 1e-3, 1e3) * rng.standard_normal(n)
        )
        back = student.run(PROBE, returns=["bound", "again", "H", "y"], H=h, y=y)
        for name in ("bound", "again"):
            same(
                number(back[name], "the bound"),
                reference.gen_bound(h, y),
                PARITY,
                f"gen_bound, n = {n}",
            )
        bound: Any = back["bound"]
        if np.ndim(bound):
            raise Missed("gen_bound: an array came back, not a number")
        kept(back, {"H": h, "y": y}, "gen_bound")
