"""Random shapes and matrices for the batteries."""

from __future__ import annotations

from typing import Any

import numpy as np


def orthonormal(rng: np.random.Generator, p: int, n: int) -> np.ndarray:
    """p rows, n orthonormal columns."""
    return np.linalg.qr(rng.standard_normal((p, n)))[0]


def matrix(
    rng: np.random.Generator, p: int, n: int, low: float = 0.5, high: float = 2.5
) -> np.ndarray:
    """(p, n), with n distinct singular values from `low` to `high`."""
    values = np.linspace(low, high, n) if n > 1 else np.array([high])
    return (orthonormal(rng, p, n) * values) @ orthonormal(rng, n, n).T


def log_uniform(rng: np.random.Generator, low: float, high: float, size: Any = None) -> Any:
    return np.exp(rng.uniform(np.log(low), np.log(high), size))
