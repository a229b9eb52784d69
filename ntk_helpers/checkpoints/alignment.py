"""Checkpoint of `alignment`: a perfect kernel, a blind one, and what must not matter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from . import CheckpointFailed


def run(alignment: Callable[..., Any]) -> str:
    """`alignment`: the student's function of K (n, n) and y (n,)."""
    y = torch.tensor([1.0, -1.0, 1.0, -1.0], dtype=torch.float64)
    blind = torch.eye(4, dtype=torch.float64)
    found = alignment(torch.outer(y, y), y)
    if not isinstance(found, float):
        raise CheckpointFailed("a Python float", type(found).__name__, "float(…) or .item()")
    for K, labels, expected, what, hint in (
        (torch.outer(y, y), y, 1.0, "K = yyᵀ", "the two norms in the denominator"),
        (blind, y, 0.5, "K the identity, 4 × 4", "‖K‖_F is the root of the sum of squares"),
        (blind, 3 * y, 0.5, "the same with 3y", "|y|² is not n when y is not ±1"),
        (7 * blind, y, 0.5, "the same with 7K", "the norm of K"),
    ):
        found = alignment(K, labels)
        if not abs(found - expected) < 1e-6:
            raise CheckpointFailed(f"{expected:g} for {what}", f"{found:.4g}", hint)
    return "alignment is 1 for the perfect kernel, 0.5 for the identity, and blind to scale."
