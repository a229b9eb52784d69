"""Mistakes in √(2 yᵀH⁻¹y / n)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...checks.mistakes import Call, Catalogue, Mistake, Values, numbers
from ..reference import gen_bound

LAB = 200  # the notebook's own n


def parts(call: Call) -> tuple[np.ndarray, np.ndarray, int]:
    return call.inputs["H"], call.inputs["y"], len(call.inputs["y"])


def form(h: np.ndarray, y: np.ndarray) -> float:
    """yᵀH⁻¹y."""
    return float(y @ np.linalg.solve(h, y))


def value(formula: Callable[..., Any]) -> Callable[[Call], Values]:
    return lambda call: {"bound": np.asarray(formula(*parts(call)))}


def read(call: Call) -> Values:
    """The bound as one number, whatever array holds it; the criterion `number` asks for that."""
    return {name: array.reshape(()) for name, array in numbers(call).items() if array.size == 1}


def by_entries(h: np.ndarray, y: np.ndarray, n: int) -> float:
    return np.sqrt(2 * y @ (1 / h) @ y / n)


def absolute_by_entries(h: np.ndarray, y: np.ndarray, n: int) -> float:
    return np.sqrt(abs(2 * y @ (1 / h) @ y / n))


def cut_off(h: np.ndarray, y: np.ndarray, n: int, least: float) -> float:
    values, vectors = np.linalg.eigh(h)
    kept = values > least * values[-1]
    return np.sqrt(2 * np.sum((vectors.T @ y)[kept] ** 2 / values[kept]) / n)


def single_precision(call: Call) -> bool | None:
    """The number has no more digits than single precision, and is wrong by a little."""
    found = read(call).get("bound")
    if found is None:
        return False
    off = abs(found / right(call)["bound"] - 1)
    if off <= 1e-6:
        return None
    return bool(off < 0.3 and found == np.float64(np.float32(found)))


MISTAKES = (
    Mistake(
        "factor-two",
        "the factor 2 under the root is missing",
        "The square of the bound is half of what it should be.",
        value(lambda h, y, n: np.sqrt(form(h, y) / n)),
    ),
    Mistake(
        "not-divided-by-n",
        "not divided by n",
        "The bound does not become smaller with the number of points: is it a mean?",
        value(lambda h, y, n: np.sqrt(2 * form(h, y))),
    ),
    Mistake(
        "lab-n",
        "divided by the notebook's n, not by the number of points given",
        "The number of points should be that of the H and y given, not the notebook's.",
        value(lambda h, y, n: np.sqrt(2 * form(h, y) / LAB)),
    ),
    Mistake(
        "labels-normalised",
        "the labels are normalised first",
        "Three times larger labels should give a bound three times as large: are the labels "
        "changed first?",
        value(lambda h, y, n: np.sqrt(2 * form(h, y / np.linalg.norm(y)) / n)),
    ),
    Mistake(
        "n-outside-the-root",
        "n stands outside of the root",
        "As n grows the bound shrinks too fast: what stands under the root, and what beside it?",
        value(lambda h, y, n: np.sqrt(2 * form(h, y)) / n),
    ),
    Mistake(
        "two-outside-the-root",
        "the 2 stands outside of the root",
        "The bound is larger than it should be, always by the same factor: what stands under the "
        "root?",
        value(lambda h, y, n: 2 * np.sqrt(form(h, y) / n)),
    ),
    Mistake(
        "no-root",
        "the root is forgotten",
        "Three times larger labels should give a bound three times as large, not nine times: is "
        "there a step missing at the end?",
        value(lambda h, y, n: 2 * form(h, y) / n),
    ),
    Mistake(
        "no-inverse",
        "yᵀHy instead of yᵀH⁻¹y",
        "A larger H makes your bound larger; it should make it smaller.",
        value(lambda h, y, n: np.sqrt(2 * y @ h @ y / n)),
    ),
    Mistake(
        "inverse-by-entries",
        "1 / H, entry by entry, instead of the inverse matrix",
        "1 / H, or H ** -1, inverts each entry; a matrix is inverted in another way.",
        value(by_entries),
    ),
    Mistake(
        "inverse-by-entries",
        "1 / H, entry by entry, instead of the inverse matrix",
        "1 / H, or H ** -1, inverts each entry; a matrix is inverted in another way.",
        value(absolute_by_entries),
    ),
    Mistake(
        "squared-norm",
        "|H⁻¹y|² instead of yᵀH⁻¹y",
        "H⁻¹y is multiplied with itself: H is inverted twice.",
        value(lambda h, y, n: np.sqrt(2 * np.sum(np.linalg.solve(h, y) ** 2) / n)),
    ),
    Mistake(
        "half-solved",
        "only one of the two triangular systems of Cholesky's method is solved",
        "With a Cholesky factor L of H, solving with L alone is half of the way from y to H⁻¹y.",
        value(lambda h, y, n: np.sqrt(2 * abs(y @ np.linalg.solve(np.linalg.cholesky(h), y)) / n)),
    ),
    Mistake(
        "sum-of-solution",
        "the entries of H⁻¹y are added up, without y on the left",
        "H⁻¹y is added up; where does the other y stand?",
        value(lambda h, y, n: np.sqrt(2 * abs(np.sum(np.linalg.solve(h, y))) / n)),
    ),
    *(
        Mistake(
            "ridge",
            "something is added to H's diagonal",
            "It looks as if something were added to H before it is inverted: the bound asks for H "
            "as it is.",
            value(lambda h, y, n, ridge=ridge: np.sqrt(2 * form(h + ridge * np.eye(n), y) / n)),
        )
        for ridge in 10.0 ** np.arange(0, -11, -1)
    ),
    *(
        Mistake(
            "cut-off",
            "small eigenvalues of H are cut off (a pseudo-inverse with a tolerance)",
            "Directions in which H is small are left out: they count most.",
            value(lambda h, y, n, least=least: cut_off(h, y, n, least)),
        )
        for least in (1e-2, 1e-3, 1e-4, 1e-5)
    ),
    Mistake(
        "single-precision",
        "computed in single precision",
        "The digits end where single precision does: H and y come in double precision, keep it.",
        single_precision,
    ),
)


def right(call: Call) -> Values:
    return {"bound": np.asarray(gen_bound(call.inputs["H"], call.inputs["y"]))}


CATALOGUE = Catalogue(MISTAKES, right, read, tolerance=1e-7)
