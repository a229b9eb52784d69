"""Checkpoint of `lazy_directions`: five weights, two points, so that three coordinates must
stay."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from . import CheckpointFailed
from ._arrays import array, close, words


def run(lazy_directions: Callable[..., Any]) -> str:
    """`lazy_directions`: the student's function of X (p, n) and ws (T + 1, p)."""
    rng = np.random.default_rng(7)
    X, start = rng.standard_normal((5, 2)), rng.standard_normal(5)
    end = start + X @ np.array([1.0, -2.0])  # a path of gradient descent ends in such a place
    ws = np.stack([start, start + 100, end])
    moved = array(lazy_directions(X.copy(), ws.copy()), (5,), "one number for each of 5 weights")
    if (moved < 0).any():
        raise CheckpointFailed("distances, none below zero", words(moved), "the absolute value")
    length = np.linalg.norm(end - start)
    if not close(np.linalg.norm(moved), length):
        raise CheckpointFailed(
            f"the length of the whole move, {length:.3g}: a rotation keeps it",
            f"{np.linalg.norm(moved):.3g}",
            "which two rows are compared, and which way the eigenvectors lie in P",
        )
    still = int((moved < 1e-9).sum())
    if still != 3:
        raise CheckpointFailed(
            "3 of 5 coordinates that do not move (X has rank 2)",
            f"{still} that do not move: {words(moved)}",
            "are the coordinates taken in the eigenbasis of XXᵀ?",
        )
    if (moved[:3] > 1e-9).any():
        raise CheckpointFailed(
            "the still ones first", words(moved), "eigenvalues in ascending order"
        )
    return (
        "lazy_directions keeps the length of the move, and finds the 3 of 5 coordinates that "
        "stay where they were."
    )
