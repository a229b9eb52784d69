"""What the checkpoints of notebook 2 share."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from . import CheckpointFailed


def array(value: Any, shape: tuple[int, ...], what: str) -> np.ndarray:
    """Return `value` as a float64 array, or say what is wrong with its type, shape or numbers."""
    try:
        found = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        raise CheckpointFailed(
            f"{what}: a NumPy array", type(value).__name__, "what does it return?"
        ) from None
    if found.shape != shape:
        seen = "None" if value is None else f"shape {found.shape}"
        raise CheckpointFailed(f"{what}: shape {shape}", seen, "the shapes in the docstring")
    if not np.isfinite(found).all():
        raise CheckpointFailed(f"{what}: finite numbers", "nan or inf", "a division by zero?")
    return found


def close(found: ArrayLike, expected: ArrayLike, tolerance: float = 1e-8) -> bool:
    """Whether two arrays agree up to rounding."""
    return bool(np.allclose(found, expected, rtol=tolerance, atol=tolerance))


def words(values: ArrayLike) -> str:
    """Return a short array as people write it: [0.1, 0.2, 5]."""
    return "[" + ", ".join(f"{value:.4g}" for value in np.ravel(values)) + "]"
