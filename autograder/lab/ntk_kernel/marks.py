"""Marks of mistakes in a kernel that no formula gives: rounding, something added, inputs
changed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ...checks.mistakes import Call, Values, numbers
from .pairs import asks_for_kernel, correct, pairs, read, rows


def added(on_diagonal: bool) -> Callable[[Call], bool | None]:
    """Whether one number was added to the right kernel, to every entry or on the diagonal only."""

    def answer(call: Call) -> bool | None:
        found = numbers(call).get("k") if asks_for_kernel(call) else None
        if found is None:
            return None
        a = pairs(call)
        if found.shape != a.v.shape or min(found.shape) < 2:
            return None
        extra = found - a.v * correct(a)
        off = np.eye(*extra.shape) == 0
        inside = np.diag(extra)
        size = float(np.mean(inside if on_diagonal else extra))
        noise = 1e-4 * np.max(a.v) + 0.02 * abs(size)
        even = np.max(np.abs(inside - size)) <= noise
        rest = np.max(np.abs(extra[off] - (0 if on_diagonal else size)))
        return bool(
            even and rest <= noise and abs(size) > 2 * noise and (size > 0 or not on_diagonal)
        )

    return answer


def half_precision(call: Call) -> bool | None:
    back = call.reply.get("k")
    if back is None:
        return None
    found, a = read(call).get("k"), pairs(call)
    coarse = isinstance(back, np.ndarray) and back.dtype == np.float16
    return bool(
        coarse
        and found is not None
        and found.shape == a.v.shape
        and np.max(np.abs(found - correct(a))) < 0.02
    )


def unguarded(call: Call) -> bool | None:
    """NaN where inputs are parallel, and right values elsewhere."""
    found = read(call).get("k") if asks_for_kernel(call) else None
    if found is None:
        return None
    a = pairs(call)
    if found.shape != a.v.shape:
        return False
    lost = np.isnan(found)
    if not lost.any():
        return None
    return bool(
        np.all(np.abs(a.u[lost]) > 1 - 1e-6)
        and np.max(np.abs(found - correct(a))[~lost], initial=0) < 2e-3
    )


def normalised(call: Call) -> Values | None:
    if asks_for_kernel(call):
        return None
    return {
        n: r / np.linalg.norm(r, axis=1, keepdims=True)
        for n, r in zip(("x", "xprime"), rows(call), strict=True)
    }
