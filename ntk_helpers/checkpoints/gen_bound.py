"""Checkpoint of `gen_bound`: a diagonal matrix, for which the bound is worked out by hand."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch

from . import CheckpointFailed


def run(gen_bound: Callable[..., Any]) -> str:
    """`gen_bound`: the student's function of H (n, n) and y (n,)."""
    y = torch.tensor([1.0, -1.0, 1.0], dtype=torch.float64)
    H = torch.diag(torch.tensor([1.0, 2.0, 4.0], dtype=torch.float64))
    found = gen_bound(H, y)
    if not isinstance(found, float):
        raise CheckpointFailed("a Python float", type(found).__name__, "float(…) or .item()")
    expected = math.sqrt(3.5 / 3)
    if not abs(found - expected) < 1e-6:
        raise CheckpointFailed(
            f"{expected:.4f} for H = diag(1, 2, 4), y = (1, -1, 1)",
            f"{found:.4f}",
            "yᵀH⁻¹y = 1.75 here; then the factor 2, the number of points, the root",
        )
    if not abs(gen_bound(4 * H, y) - expected / 2) < 1e-6:
        raise CheckpointFailed("half the bound for 4H", "something else", "where H enters")
    return f"gen_bound gives {found:.4f} on the diagonal example, as the formula does."
