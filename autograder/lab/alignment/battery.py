"""alignment for 1 to 60 points, labels and matrices of any size, in both dtypes."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...checks.ask import number
from ...checks.compare import Missed, kept, same
from ...door.student import Student
from .. import reference
from ..draw import log_uniform
from .check import PARITY, PROBE, gram

ROUNDS = 24


def battery(student: Student, rng: np.random.Generator) -> None:
    for turn in range(ROUNDS):
        n = 1 if turn == 0 else int(rng.integers(2, 60))
        kind = np.float32 if turn % 4 == 1 else np.float64
        y = (log_uniform(rng, 1e-2, 1e2) * rng.standard_normal(n)).astype(kind)
        k = (log_uniform(rng, 1e-2, 1e2) * gram(rng, n, y, rng.uniform(0, 1))).astype(kind)
        back = student.run(PROBE, returns=["aligned", "K", "y"], K=k, y=y)
        aligned: Any = back["aligned"]
        exact = reference.alignment(k.astype(np.float64), y.astype(np.float64))
        # where the labels and the kernel hardly meet, roundings of its parts count for more
        same(number(aligned, "the alignment"), exact, PARITY, f"alignment, n = {n}", 0.1)
        if np.ndim(aligned):
            raise Missed("alignment: an array came back, not a number")
        kept(back, {"K": k, "y": y}, "alignment")
