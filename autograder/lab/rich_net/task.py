"""The task of the rich network and what is measured of an answer to it, from weights alone."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from .. import reference

Array = np.ndarray
INPUTS, POINTS = 30, 200
# the notebook draws its training points from a generator with this seed; a test compares
SEED = 0
# of a fresh network the two inputs have 2/30 of the weights, give or take .005
INSIDE = 0.15


class Pair(NamedTuple):
    """α (f - f₀): the weights of f and of f₀, each w (width, 30) and a (width,)."""

    net_w: Array
    net_a: Array
    initial_w: Array
    initial_a: Array
    alpha: float

    def __call__(self, x: Array) -> Array:
        """Outputs (n,)."""
        now = reference.two_layer(self.net_w, self.net_a, x)
        return self.alpha * (now - reference.two_layer(self.initial_w, self.initial_a, x))

    @property
    def move(self) -> float:
        """|w - w₀| / |w₀|"""
        return float(np.linalg.norm(self.net_w - self.initial_w) / np.linalg.norm(self.initial_w))


@lru_cache(maxsize=1)
def train_points() -> tuple[Array, Array]:
    """The notebook's x_train (200, 30) and y_train (200,)."""
    return reference.parity(POINTS, SEED)


def accuracy(pair: Pair, x: Array, y: Array) -> float:
    return float(np.mean(pair(x) * y > 0))


def share(pair: Pair, side: str = "net") -> float:
    """Σ a_r² (w_r1² + w_r2²) / Σ a_r² |w_r|²; zero of zero weights."""
    w, a = getattr(pair, f"{side}_w"), getattr(pair, f"{side}_a")
    each = a[:, None] ** 2 * w**2
    total = each.sum()
    return float(each[:, :2].sum() / total) if total else 0.0


def own_kernel(pair: Pair, x: Array, y: Array) -> float:
    """Accuracy of kernel regression with the tangent kernel of f where it ended. Raises
    LinAlgError."""
    points, labels = train_points()
    gram = reference.network_ntk(points, pair.net_w, pair.net_a)
    cross = reference.network_ntk(x, pair.net_w, pair.net_a, points)
    return float(np.mean((cross @ np.linalg.solve(gram, labels)) * y > 0))
