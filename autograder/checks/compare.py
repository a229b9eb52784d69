"""Comparisons of what came back with what is right. One that fails raises `Missed`, with both sides
attached."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from .verdict import Picture

Compared = np.ndarray | float | None


class Missed(Exception):
    """A criterion does not hold. `str(error)` is one sentence for the student that says what to
    look at.

    found, expected: what was compared, float64 (None where nothing was, as for a wrong shape). They
    are for whoever examines the check; no verdict shows them. mistake: the slug of the
    mistake that it looks like, if any.
    """

    def __init__(
        self,
        message: str,
        picture: Picture | None = None,
        found: Any = None,
        expected: Any = None,
        mistake: str | None = None,
    ):
        super().__init__(message)
        self.picture = picture
        self.found, self.expected = seen(found), seen(expected)
        self.mistake = mistake


def seen(value: Any) -> Compared:
    """A number or an array as float64."""
    if value is None:
        return None
    value = np.asarray(value, dtype=np.float64)
    return value if value.ndim else float(value)


def require(
    condition: Any,
    otherwise: str,
    draw: Callable[[], Picture | None] | None = None,
    *,
    found: Any = None,
    expected: Any = None,
) -> None:
    """Raise Missed unless the condition is true (a comparison with NaN is not), with what `draw`
    draws."""
    if not bool(condition):
        raise Missed(otherwise, draw() if draw else None, found, expected)


def distance(found: np.ndarray, expected: np.ndarray) -> float:
    """The largest deviation, relative to the largest expected entry. NaN when nothing can be
    said."""
    if np.size(expected) == 0:
        return 0.0 if np.size(found) == 0 else float("nan")
    scale = float(np.max(np.abs(expected)))
    return (
        float(np.max(np.abs(found - expected))) / scale if scale else float(np.max(np.abs(found)))
    )


def close(found: Any, expected: Any, tolerance: float, otherwise: str) -> None:
    """Raise Missed unless the largest deviation is within `tolerance` of the largest expected
    entry."""
    far = distance(np.asarray(found), np.asarray(expected))
    require(far <= tolerance, otherwise, found=found, expected=expected)


def near(found: Any, expected: Any, tolerance: float, otherwise: str, scale: Any = 1.0) -> None:
    """Raise Missed unless every entry deviates by at most `tolerance`, in units of `scale` (entry
    by entry)."""
    far = np.max(np.abs(np.subtract(found, expected)) / scale)
    require(far <= tolerance, otherwise, found=found, expected=expected)


def equal(found: Any, expected: Any, otherwise: str) -> None:
    """Raise Missed unless the shapes and all entries are the same."""
    here, there = np.asarray(found), np.asarray(expected)
    same = here.shape == there.shape and bool((here == there).all())
    require(same, otherwise, found=found, expected=expected)


def at_least(found: Any, bound: float, otherwise: str, draw: Callable | None = None) -> None:
    """Raise Missed unless every entry is `bound` or more."""
    require(np.all(np.asarray(found) >= bound), otherwise, draw, found=found, expected=bound)


def at_most(found: Any, bound: float, otherwise: str, draw: Callable | None = None) -> None:
    """Raise Missed unless every entry is `bound` or less."""
    require(np.all(np.asarray(found) <= bound), otherwise, draw, found=found, expected=bound)


def same(found: Any, expected: Any, tolerance: float, what: str, scale: float = 0.0) -> None:
    """Raise Missed unless shapes agree and no entry is farther off than `tolerance` times the
    largest entry (or `scale`, if that is larger).

    `close` for a battery: whoever reads it wants figures, and where zeros are due (and there is no
    `scale`) nothing else will do.
    """
    found, expected = np.asarray(found, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    if found.shape != expected.shape:
        raise Missed(f"{what}: the shape is {found.shape}, not {expected.shape}")
    if expected.size:
        scale = max(float(np.max(np.abs(expected))), scale)
        off = float(np.max(np.abs(found - expected)))
        if not off <= tolerance * scale:
            raise Missed(f"{what}: off by {off:.2g} where the largest is {scale:.2g}")


def kept(back: Mapping[str, Any], given: Mapping[str, np.ndarray], what: str) -> None:
    """Raise Missed when a call changed one of its arguments."""
    for name, before in given.items():
        if not np.array_equal(np.asarray(back[name]), before):
            raise Missed(f"{what}: the call changed {name}")
