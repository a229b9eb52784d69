"""Random problems of linear regression for the batteries: 1 to 60 weights, any number of points up
to that."""

from __future__ import annotations

import numpy as np

from .draw import log_uniform, matrix

ROUNDS = 30


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
