"""predicted_loss for 1 to 60 points, kernels of any rank and size, and learning rates far below the
limit of stability and far above."""

from __future__ import annotations

import numpy as np

from ...checks.ask import array
from ...checks.compare import Missed, kept, same
from ...door.student import Student
from .. import reference
from ..draw import log_uniform
from .check import FLOOR, PARITY, PROBE, gram

ROUNDS = 24


def battery(student: Student, rng: np.random.Generator) -> None:
    for turn in range(ROUNDS):
        n = 1 if turn == 0 else int(rng.integers(2, 60))
        rank = n if turn % 2 else int(rng.integers(1, n + 1))
        k = gram(rng, n, rank, log_uniform(rng, 1e-3, 1e3))
        y = log_uniform(rng, 1e-2, 1e2) * rng.standard_normal(n)
        steps = turn // 2 if turn < 6 else int(rng.integers(0, 80))
        lr = float(log_uniform(rng, 0.05, 2.5) * n / np.linalg.eigvalsh(k)[-1])
        back = student.run(PROBE, returns=["losses", "K", "y"], K=k, y=y, lr=lr, T=steps)
        found = array(back["losses"], (steps + 1,), "the losses")
        expected = reference.predicted_loss(k, y, lr, steps)
        if not np.all(np.abs(found - expected) <= PARITY * (expected + FLOOR * expected[0])):
            raise Missed(f"predicted_loss differs for n = {n}, rank {rank}, lr = {lr:.2g}")
        same(found[0], np.mean(y**2), PARITY, "predicted_loss, the first loss")
        kept(back, {"K": k, "y": y}, "predicted_loss")
