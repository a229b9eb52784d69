"""What the variants of a kernel are made of: all pairs of inputs, their angles, and how a reply is
read.

Kernel matrices are compared in units of v, the product of the norms, so that each pair counts
alike.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from ...checks.mistakes import Call, Values, deviation, numbers

PI = np.pi
ALLOWED = (1.0, 0.999999, 0.99999)  # factors on the cosine that no criterion minds
Array = np.ndarray


class Pairs(NamedTuple):
    """All pairs of rows: inner products, both norms (n, 1) and (1, m), v, cosine u, its root s,
    angle t, π - t."""

    dot: Array
    nx: Array
    ny: Array
    v: Array
    u: Array
    s: Array
    t: Array
    p: Array


def rows(call: Call) -> tuple[Array, Array]:
    x = np.asarray(call.inputs["x"], dtype=np.float64)
    return x, np.asarray(call.inputs.get("xprime", call.inputs["x"]), dtype=np.float64)


def pairs_of(x: Array, other: Array, shrink: float = 1.0) -> Pairs:
    nx, ny = np.linalg.norm(x, axis=1)[:, None], np.linalg.norm(other, axis=1)[None]
    dot, v, none = x @ other.T, nx * ny, np.empty(0)
    return with_cosine(
        Pairs(dot, nx, ny, v, none, none, none, none), np.clip(shrink * dot / v, -1, 1)
    )


def with_cosine(a: Pairs, u: Array) -> Pairs:
    """The same pairs with something else taken for the cosine."""
    t = np.arccos(u)
    return a._replace(u=u, s=np.sqrt(1 - u * u), t=t, p=PI - t)


def pairs(call: Call, shrink: float = 1.0) -> Pairs:
    if ("pairs", shrink) not in call.notes:
        call.notes["pairs", shrink] = pairs_of(*rows(call), shrink)
    return call.notes["pairs", shrink]


def correct(a: Pairs) -> Array:
    return (2 * a.u * a.p + a.s) / (2 * PI)


def in_units(call: Call, kernel: Array) -> Array:
    """A kernel matrix (or its transpose) divided by v, as far as the shapes allow."""
    v = pairs(call).v
    if kernel.shape == v.shape:
        return kernel / v
    return kernel / v.T if kernel.shape == v.T.shape else kernel


def asks_for_kernel(call: Call) -> bool:
    return "k" in call.returns


def read(call: Call) -> Values:
    found = numbers(call)
    return {name: in_units(call, array) if name == "k" else array for name, array in found.items()}


def formula(
    angular: Callable[[Pairs], Array], shrink: tuple[float, ...] = ALLOWED
) -> Callable[[Call], Values | None]:
    """The mistake as k / v, with whichever of the factors on the cosine comes nearest to the
    reply."""

    def answer(call: Call) -> Values | None:
        if not asks_for_kernel(call):
            return None
        found, claims = read(call).get("k"), [angular(pairs(call, by)) for by in shrink]
        return {"k": claims[0] if found is None else min(claims, key=lambda k: deviation(found, k))}

    return answer


def matrix(change: Callable[[Any, Pairs], Array | None]) -> Callable[[Call], Values | None]:
    """The mistake as a kernel matrix, of whatever shape; None where it does not show."""

    def answer(call: Call) -> Values | None:
        kernel = change(call, pairs(call)) if asks_for_kernel(call) else None
        return None if kernel is None else {"k": in_units(call, kernel)}

    return answer
