"""What the batteries share: how a disagreement is said, comparisons, random shapes and matrices."""

from __future__ import annotations

import numpy as np


class Differs(Exception):
    """The answer differs from the reference. `str(error)` says in what."""


def same(
    found: np.ndarray, expected: np.ndarray, tolerance: float, what: str, scale: float = 0.0
) -> None:
    """Raise Differs unless shapes agree and no entry is farther off than `tolerance` times the
    largest entry (or `scale`, if that is larger)."""
    found, expected = np.asarray(found, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    if found.shape != expected.shape:
        raise Differs(f"{what}: the shape is {found.shape}, not {expected.shape}")
    if expected.size:
        scale = max(float(np.max(np.abs(expected))), scale)
        off = float(np.max(np.abs(found - expected)))
        if not off <= tolerance * scale:
            raise Differs(f"{what}: off by {off:.2g} where the largest is {scale:.2g}")


def kept(back: dict, given: dict[str, np.ndarray], what: str) -> None:
    """Raise Differs when a call changed one of its arguments."""
    for name, before in given.items():
        if not np.array_equal(np.asarray(back[name]), before):
            raise Differs(f"{what}: the call changed {name}")


def orthonormal(rng: np.random.Generator, p: int, n: int) -> np.ndarray:
    """p rows, n orthonormal columns."""
    return np.linalg.qr(rng.standard_normal((p, n)))[0]


def matrix(
    rng: np.random.Generator, p: int, n: int, low: float = 0.5, high: float = 2.5
) -> np.ndarray:
    """(p, n), with n distinct singular values from `low` to `high`."""
    values = np.linspace(low, high, n) if n > 1 else np.array([high])
    return (orthonormal(rng, p, n) * values) @ orthonormal(rng, n, n).T


def log_uniform(rng: np.random.Generator, low: float, high: float, size=None):
    return np.exp(rng.uniform(np.log(low), np.log(high), size))
