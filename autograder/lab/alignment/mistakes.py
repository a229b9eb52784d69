"""Mistakes in yᵀKy / (|y|² ‖K‖_F)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...checks.mistakes import Call, Catalogue, Mistake, Values, numbers
from ..reference import alignment

Array = np.ndarray


def value(formula: Callable[[Array, Array], Any]) -> Callable[[Call], Values | None]:
    def answer(call: Call) -> Values | None:
        if "aligned" not in call.returns:
            return None
        k, y = (np.asarray(call.inputs[name], np.float64) for name in ("K", "y"))
        return {"aligned": np.asarray(formula(k, y))}

    return answer


def read(call: Call) -> Values:
    """The alignment as one number, whatever array holds it; the criterion `number` asks for
    that."""
    return {
        name: array.reshape(()) if array.size == 1 else array
        for name, array in numbers(call).items()
    }


def form(k: Array, y: Array) -> float:
    return float(y @ k @ y)


def centred(k: Array) -> Array:
    h = np.eye(len(k)) - 1 / len(k)
    return h @ k @ h


def changed(call: Call) -> bool | None:
    if "aligned" in call.returns:
        return None
    return any(not np.array_equal(call.reply[k], call.inputs[k]) for k in ("K", "y")) or None


def over(norm: Callable[[Array], Any]) -> Callable[[Call], Values | None]:
    """Divided by another norm of K."""
    return value(lambda k, y: form(k, y) / (y @ y * norm(k)))


NORMS: tuple[Callable[[Array], Any], ...] = (
    lambda k: np.linalg.norm(k) ** 2,
    lambda k: np.linalg.norm(k) ** 0.5,
    lambda k: np.abs(k).sum(),
    lambda k: np.abs(k).max(),
    lambda k: np.linalg.norm(k, 1),
    lambda k: k.sum(),
)

MISTAKES = (
    Mistake(
        "no-norms",
        "no norm at all",
        "Twice the kernel gives twice the value: what makes it a cosine?",
        value(form),
    ),
    Mistake(
        "no-norm-of-k",
        "not divided by the norm of K",
        "Twice the kernel gives twice the value: one of the norms is missing.",
        value(lambda k, y: form(k, y) / (y @ y)),
    ),
    Mistake(
        "no-norm-of-y",
        "not divided by |y|²",
        "Twice the labels give four times the value: one of the norms is missing.",
        value(lambda k, y: form(k, y) / np.linalg.norm(k)),
    ),
    Mistake(
        "norm-of-y-not-squared",
        "divided by |y| instead of |y|²",
        "Twice the labels give twice the value: how often does y stand above?",
        value(lambda k, y: form(k, y) / (np.linalg.norm(y) * np.linalg.norm(k))),
    ),
    Mistake(
        "trace",
        "the trace instead of the Frobenius norm",
        "K is divided by its trace: which norm belongs to a cosine of matrices?",
        value(lambda k, y: form(k, y) / (y @ y * np.trace(k))),
    ),
    Mistake(
        "spectral-norm",
        "the spectral norm instead of the Frobenius norm",
        "K is divided by its largest eigenvalue: which norm belongs to a cosine of matrices?",
        value(lambda k, y: form(k, y) / (y @ y * np.linalg.norm(k, 2))),
    ),
    *(
        Mistake(
            "other-norm",
            "another norm of K",
            "K is divided by another norm than Frobenius'.",
            over(norm),
        )
        for norm in NORMS
    ),
    Mistake(
        "divided-by-n",
        "divided by n besides",
        "For more points the value shrinks: what is divided once too often?",
        value(lambda k, y: alignment(k, y) / len(y)),
    ),
    Mistake(
        "n-for-y",
        "n stands for |y|²",
        "For labels of another size than one the value is wrong.",
        value(lambda k, y: form(k, y) / (len(y) * np.linalg.norm(k))),
    ),
    Mistake(
        "centred",
        "K is centred first",
        "K is centred first: it is asked for as it is.",
        value(lambda k, y: alignment(centred(k), y)),
    ),
    Mistake(
        "centred",
        "y is centred first",
        "y is centred first: it is asked for as it is.",
        value(lambda k, y: alignment(k, y - y.mean())),
    ),
    Mistake(
        "centred",
        "K and y are centred first",
        "They are centred first: they are asked for as they are.",
        value(lambda k, y: alignment(centred(k), y - y.mean())),
    ),
    Mistake(
        "signs-only",
        "the signs of y are taken",
        "The signs of the labels are taken: they are asked for as they are.",
        value(lambda k, y: alignment(k, np.sign(y))),
    ),
    Mistake(
        "inverse",
        "K⁻¹ instead of K",
        "A kernel that knows the labels gives a small value here.",
        value(lambda k, y: alignment(np.linalg.inv(k), y)),
    ),
    Mistake(
        "direction-only",
        "|Ky| instead of yᵀKy",
        "The length of Ky is taken: where does it point?",
        value(lambda k, y: np.linalg.norm(k @ y) / (np.linalg.norm(y) * np.linalg.norm(k))),
    ),
    Mistake(
        "squared",
        "the square of the alignment",
        "The value is squared.",
        value(lambda k, y: alignment(k, y) ** 2),
    ),
    Mistake(
        "root",
        "the root of the alignment",
        "A root is taken that is not asked for.",
        value(lambda k, y: np.sqrt(alignment(k, y))),
    ),
    Mistake(
        "one-minus",
        "one minus the alignment",
        "The better aligned, the smaller is the value.",
        value(lambda k, y: 1 - alignment(k, y)),
    ),
    Mistake(
        "diagonal-only",
        "only the diagonal of K is looked at",
        "Only K's diagonal counts: the pairs of different points are left out.",
        value(lambda k, y: (np.diag(k) @ y**2) / (y @ y * np.linalg.norm(k))),
    ),
    Mistake(
        "entry-by-entry",
        "a matrix comes back: a product entry by entry",
        "A product entry by entry leaves a matrix or a vector: add it up.",
        value(lambda k, y: y[:, None] * k * y / (y @ y * np.linalg.norm(k))),
    ),
    Mistake(
        "entry-by-entry",
        "a vector comes back: a product entry by entry",
        "A product entry by entry leaves a matrix or a vector: add it up.",
        value(lambda k, y: y * (k @ y) / (y @ y * np.linalg.norm(k))),
    ),
    Mistake(
        "arguments-changed",
        "K or y is changed in place",
        "Some operators, such as /=, change the tensor itself.",
        changed,
    ),
)


def right(call: Call) -> Values:
    return value(alignment)(call) or {name: call.inputs[name] for name in ("K", "y")}


CATALOGUE = Catalogue(MISTAKES, right, read, tolerance=1e-6)
