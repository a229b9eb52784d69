"""Checkpoint of `minimum_norm`: what its answer must satisfy, and two answers that one can see on
paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from . import CheckpointFailed
from ._arrays import array, close, words


def run(minimum_norm: Callable[..., Any]) -> str:
    """`minimum_norm`: the student's function of X (p, n), Y (n,), w0 (p,)."""
    X, Y = np.array([[1.0], [1.0]]), np.array([2.0])
    found = array(minimum_norm(X.copy(), Y.copy(), np.zeros(2)), (2,), "two weights")
    if not close(found @ X, Y):
        raise CheckpointFailed(
            "weights with w₁ + w₂ = 2 (X = [[1], [1]], Y = [2])", words(found), "Xᵀw = Y"
        )
    if not close(found, [1.0, 1.0]):
        raise CheckpointFailed(
            "[1, 1], the shortest w with w₁ + w₂ = 2", words(found), "how does w0 = 0 enter?"
        )

    rng = np.random.default_rng(11)
    X, w0 = rng.standard_normal((5, 2)), rng.standard_normal(5)
    kept = w0.copy()
    found = array(minimum_norm(X, X.T @ w0, w0), (5,), "five weights")
    if not close(w0, kept):
        raise CheckpointFailed("w0 left as it was", "w0 changed", "an operation in place")
    if not close(found, w0):
        raise CheckpointFailed(
            "w0 itself, when w0 interpolates already",
            f"weights {np.linalg.norm(found - w0):.2g} away from it",
            "what is left to explain once w0 has explained its part of Y?",
        )
    Y = rng.standard_normal(2)
    found = array(minimum_norm(X, Y, w0), (5,), "five weights")
    if not close(found @ X, Y):
        raise CheckpointFailed(
            "Xᵀw = Y from any w0", f"off by {np.abs(found @ X - Y).max():.2g}", "the part of w0"
        )
    return (
        "minimum_norm interpolates, is the shortest from zero, and stays where it is when w0 "
        "interpolates already."
    )
