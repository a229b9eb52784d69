"""Mistakes in choosing the nearer of two labels. The made-up network's output stands in each
image's first pixel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...checks.mistakes import Call, Catalogue, Mistake, Values, numbers
from ..reference import nearest_label

LAB = (1, 3)  # the notebook's own classes


def given(call: Call) -> tuple[np.ndarray, int, int]:
    outputs = np.asarray(call.inputs["images"], dtype=np.float64)[:, 0, 0, 0]
    return outputs, int(call.inputs["first"]), int(call.inputs["second"])


def value(formula: Callable[..., Any]) -> Callable[[Call], Values]:
    return lambda call: {"labels": np.asarray(formula(*given(call)), dtype=np.float64)}


def where(above: Callable[..., Any]) -> Callable[[Call], Values]:
    """The mistake of a condition for c2."""
    return value(lambda out, c1, c2: np.where(above(out, c1, c2), c2, c1))


def read(call: Call) -> Values:
    """A column, or a number without shape, counts as a row; the criteria `form` and `one image` ask
    for that."""
    return {name: array.ravel() for name, array in numbers(call).items()}


def one_dropped(call: Call) -> bool | None:
    """A batch of one image gives a number without shape."""
    back: Any = call.reply.get("labels")
    return np.ndim(back) == 0 if len(call.inputs["images"]) == 1 else None


def column(call: Call) -> bool:
    back: Any = call.reply.get("labels")
    return np.shape(back) == (len(call.inputs["images"]), 1)


def decimal(call: Call) -> bool | None:
    back = call.reply.get("labels")
    kind = np.asarray(back).dtype.kind if isinstance(back, list | np.ndarray) else "O"
    found = read(call).get("labels")
    return kind == "f" and found is not None and np.array_equal(found, nearest_label(*given(call)))


MISTAKES = (
    Mistake(
        "exchanged",
        "the two labels are exchanged",
        "The two labels are exchanged: look at the comparison.",
        where(lambda out, c1, c2: 9 * out < (c1 + c2) / 2),
    ),
    Mistake(
        "forgets-nine",
        "the output itself is compared with (c1 + c2)/2",
        "The output is compared as if it were a label: outputs are scaled as the targets were.",
        where(lambda out, c1, c2: out > (c1 + c2) / 2),
    ),
    Mistake(
        "hard-coded-labels",
        "the labels 1 and 3 are written into the function",
        "With other classes the answer is still 1 or 3: the labels are written into the function.",
        value(lambda out, c1, c2: np.where(9 * out > (c1 + c2) / 2, LAB[1], LAB[0])),
    ),
    Mistake(
        "hard-coded-labels",
        "the labels 1 and 3 are written into the function",
        "With other classes the answer is still 1 or 3: the labels are written into the function.",
        value(lambda out, c1, c2: np.where(9 * out > 2, LAB[1], LAB[0])),
    ),
    Mistake(
        "hard-coded-threshold",
        "the threshold 2 is written into the function",
        "With other classes the threshold stays where it was for the labels 1 and 3.",
        where(lambda out, c1, c2: 9 * out > 2),
    ),
    *(
        Mistake(
            "half",
            "the threshold is one half (or zero), as for probabilities",
            "The threshold is one for probabilities or scores; these outputs are neither.",
            where(lambda out, c1, c2, at=at, by=by: by * out > at),
        )
        for at, by in ((0.5, 1), (0.5, 9), (0, 1))
    ),
    Mistake(
        "mean-of-outputs",
        "the threshold is the mean of the batch's outputs",
        "The label of an image depends on the other images of the batch.",
        where(lambda out, c1, c2: out > out.mean()),
    ),
    Mistake(
        "mean-of-outputs",
        "the threshold is the mean of the batch's outputs",
        "The label of an image depends on the other images of the batch.",
        where(lambda out, c1, c2: out > np.sort(out)[(len(out) - 1) // 2]),
    ),
    Mistake(
        "mean-of-outputs",
        "the threshold is the mean of the batch's outputs",
        "The label of an image depends on the other images of the batch.",
        where(lambda out, c1, c2: out > (out.min() + out.max()) / 2),
    ),
    Mistake(
        "threshold-at-a-label",
        "the threshold is c1 or c2 instead of the middle",
        "The threshold is at one of the labels: outputs near it are on the wrong side.",
        where(lambda out, c1, c2: 9 * out > c1),
    ),
    Mistake(
        "threshold-at-a-label",
        "the threshold is c1 or c2 instead of the middle",
        "The threshold is at one of the labels: outputs near it are on the wrong side.",
        where(lambda out, c1, c2: 9 * out >= c2),
    ),
    Mistake(
        "half-difference",
        "the threshold is (c2 - c1)/2, half of the difference",
        "The threshold depends on the difference of the labels only: where is the middle of 4 and "
        "9?",
        where(lambda out, c1, c2: 9 * out > (c2 - c1) / 2),
    ),
    Mistake(
        "whole-middle",
        "(c1 + c2) // 2: the middle is rounded down",
        "For some pairs of classes the threshold is a little too low: the middle of 4 and 9 is no "
        "whole number.",
        where(lambda out, c1, c2: 9 * out > (c1 + c2) // 2),
    ),
    Mistake(
        "rounds",
        "rounds to the nearest whole number, which may be no label",
        "Some predictions are neither label: the nearest whole number was taken.",
        value(lambda out, c1, c2: np.round(9 * out)),
    ),
    Mistake(
        "rounds",
        "rounds to the nearest whole number, which may be no label",
        "Some predictions are neither label: the nearest whole number was taken.",
        value(lambda out, c1, c2: np.trunc(9 * out)),
    ),
    Mistake(
        "rounds",
        "rounds to the nearest whole number, which may be no label",
        "Some predictions are neither label: the nearest whole number was taken.",
        value(lambda out, c1, c2: np.clip(np.round(9 * out), c1, c2)),
    ),
    Mistake(
        "scaled-outputs",
        "nine times the output, not a label",
        "These are scaled outputs; the last step, from a number to a label, is missing.",
        value(lambda out, c1, c2: 9 * out),
    ),
    Mistake(
        "truth-values",
        "0 and 1 (or truth values) instead of the labels",
        "These are 0 and 1, no labels: make c1 and c2 of them.",
        value(lambda out, c1, c2: 9 * out > (c1 + c2) / 2),
    ),
    Mistake(
        "argmax",
        "argmax over the single output, which is always 0",
        "The position of the largest of one output is always 0: this network does not have one "
        "output a class.",
        value(lambda out, c1, c2: 0 * out),
    ),
    *(
        Mistake(
            "other-factor",
            "the output is multiplied by another number than 9",
            "The output is scaled, but not by the number that the labels were divided by.",
            where(lambda out, c1, c2, by=by: by * out > (c1 + c2) / 2),
        )
        for by in (10, 8, 5, 4.5, 18, 255)
    ),
    Mistake(
        "column",
        "a column (N, 1)",
        "The labels stand in a column, as the network's outputs do.",
        column,
    ),
    Mistake(
        "decimal-labels",
        "labels as decimal numbers",
        "The labels are right, but they are decimal numbers.",
        decimal,
    ),
    Mistake(
        "squeezed",
        "squeeze() without a dimension: one image gives a number without shape",
        "squeeze() without a dimension removes every dimension of length one, the batch's too.",
        one_dropped,
    ),
)

CATALOGUE = Catalogue(MISTAKES, value(nearest_label), read, tolerance=1e-6)
