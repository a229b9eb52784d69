"""Mistakes in v [2u(π - θ) + √(1 - u²)] / 2π, the source document's misplaced bracket first of
all."""

from __future__ import annotations

import numpy as np

from ...checks.mistakes import Call, Catalogue, Mistake, Values
from ..reference import relu_ntk
from .marks import added, half_precision, normalised, unguarded
from .pairs import (
    ALLOWED,
    PI,
    asks_for_kernel,
    correct,
    formula,
    matrix,
    pairs,
    read,
    rows,
    with_cosine,
)

BRACKET = (
    "Somewhere the square root is multiplied by the cosine: count the brackets after arccos. At a "
    "right angle your kernel is zero; which hidden units see both inputs there?"
)
MISTAKES = (
    Mistake(
        "root-inside-the-bracket",
        "√(1−u²) inside the bracket, so that u multiplies it",
        BRACKET,
        formula(lambda a: (a.u * (a.p + a.s) + a.u * a.p) / (2 * PI), (*ALLOWED, 0.999, 0.99)),
    ),
    Mistake(
        "root-in-both-brackets",
        "√(1−u²) inside both brackets",
        "The square root is multiplied by the cosine, and it occurs once too often.",
        formula(lambda a: 2 * a.u * (a.p + a.s) / (2 * PI)),
    ),
    Mistake(
        "first-layer-only",
        "the first layer's part alone",
        "This is what one of the two layers contributes: what does training the output weights "
        "add?",
        formula(lambda a: a.u * a.p / (2 * PI)),
    ),
    Mistake(
        "last-layer-only",
        "the last layer's part alone",
        "This is what one of the two layers contributes: what does training the hidden weights "
        "add?",
        formula(lambda a: (a.u * a.p + a.s) / (2 * PI)),
    ),
    Mistake(
        "sum-without-inner-product",
        "κ₀ + κ₁: the first layer's part lacks the inner product",
        "The first layer's gradient contains the input itself: which factor does that bring into "
        "the kernel?",
        formula(lambda a: (a.p + a.u * a.p + a.s) / (2 * PI)),
    ),
    Mistake(
        "root-twice",
        "√(1−u²) counted for both layers",
        "The square root is counted for both layers; only one of the two parts has it.",
        formula(lambda a: (2 * a.u * a.p + 2 * a.s) / (2 * PI)),
    ),
    Mistake(
        "minus-root",
        "√(1−u²) subtracted",
        "The sign before the square root is wrong: differentiate your κ₁, do you get κ₀ back?",
        formula(lambda a: (2 * a.u * a.p - a.s) / (2 * PI)),
    ),
    Mistake(
        "no-root",
        "the term √(1−u²) is missing",
        "Something is missing that vanishes for parallel inputs: is the integration constant "
        "right, κ₁(-1) = 0?",
        formula(lambda a: 2 * a.u * a.p / (2 * PI)),
    ),
    Mistake(
        "root-without-square",
        "√(1−u) instead of √(1−u²)",
        "Under the square root something is not as in sin² = 1 - cos².",
        formula(lambda a: (2 * a.u * a.p + np.sqrt(1 - a.u)) / (2 * PI)),
    ),
    Mistake(
        "square-without-root",
        "1−u² instead of √(1−u²)",
        "The sine of the angle is not 1 - u²: a step is missing.",
        formula(lambda a: (2 * a.u * a.p + a.s**2) / (2 * PI)),
    ),
    Mistake(
        "sine-of-the-cosine",
        "sin(u) instead of sin(θ)",
        "A sine is taken of the cosine: it belongs to the angle.",
        formula(lambda a: (2 * a.u * a.p + np.sin(a.u)) / (2 * PI)),
    ),
    Mistake(
        "zero-for-equal-inputs",
        "zero for equal inputs (NaN replaced by 0, or an empty diagonal)",
        "For equal inputs your kernel is zero: does a NaN end there, or is the diagonal never "
        "filled?",
        matrix(lambda call, a: a.v * correct(a) * (a.u < 1 - 1e-9)),
    ),
    Mistake(
        "angle-not-supplement",
        "θ in place of π − θ",
        "The kernel is smallest for equal inputs: the closer two inputs, the more hidden units "
        "see both.",
        formula(lambda a: (2 * a.u * a.t + a.s) / (2 * PI)),
    ),
    Mistake(
        "bracket-forgotten",
        "u·π − θ instead of u·(π − θ)",
        "The cosine multiplies π only, and not the angle: a bracket is missing.",
        formula(lambda a: (2 * (a.u * PI - a.t) + a.s) / (2 * PI)),
    ),
    Mistake(
        "arcsine",
        "arcsin instead of arccos",
        "The angle is not the arcsine of the cosine.",
        formula(lambda a: (2 * a.u * (PI - np.arcsin(a.u)) + a.s) / (2 * PI)),
    ),
    Mistake(
        "degrees",
        "the angle in degrees",
        "The angle is in degrees; square roots and slopes go with radians.",
        formula(lambda a: (2 * a.u * (180 - np.rad2deg(a.t)) + a.s) / 360),
    ),
    Mistake(
        "divided-by-pi",
        "twice the kernel: divided by π, not by 2π",
        "All values are twice what they should be: k(x, x) for a unit vector is half of yours.",
        formula(lambda a: 2 * correct(a)),
    ),
    Mistake(
        "half-the-kernel",
        "half the kernel: divided by 4π, or a mean of the two layers",
        "All values are half of what they should be: the layers' parts are added, no mean is "
        "taken.",
        formula(lambda a: correct(a) / 2),
    ),
    Mistake(
        "not-divided",
        "not divided by 2π",
        "All values are too large by one and the same factor: a probability is at most one.",
        formula(lambda a: 2 * PI * correct(a)),
    ),
    Mistake(
        "half-divided",
        "only one of the two parts is divided by 2π",
        "One of the two parts is divided by what both should be divided by: is a bracket missing?",
        formula(lambda a: 2 * a.u * a.p + a.s / (2 * PI)),
    ),
    Mistake(
        "half-divided",
        "only one of the two parts is divided by 2π",
        "One of the two parts is divided by what both should be divided by: is a bracket missing?",
        formula(lambda a: a.u * a.p + (a.u * a.p + a.s) / (2 * PI)),
    ),
    Mistake(
        "linear",
        "the linear kernel",
        "This is the inner product of the inputs: where are the hidden units?",
        formula(lambda a: a.u),
    ),
    Mistake(
        "norms-forgotten",
        "the kernel of the normalised inputs",
        "For inputs of norm one the values are right: what happens to the kernel when an input is "
        "doubled?",
        matrix(lambda call, a: correct(a)),
    ),
    Mistake(
        "one-norm-twice",
        "the squared norm of x in place of |x||x'|",
        "One of the two norms is counted twice and the other one not at all.",
        matrix(lambda call, a: a.nx**2 * correct(a) + 0 * a.ny),
    ),
    Mistake(
        "one-norm-twice",
        "the squared norm of x in place of |x||x'|",
        "One of the two norms is counted twice and the other one not at all.",
        matrix(lambda call, a: a.nx * correct(a) + 0 * a.ny),
    ),
    Mistake(
        "norms-squared",
        "|x|²|x'|² in place of |x||x'|",
        "Squared norms stand where norms should: test with inputs of length two.",
        matrix(lambda call, a: a.v**2 * correct(with_cosine(a, np.clip(a.dot / a.v**2, -1, 1)))),
    ),
    Mistake(
        "norms-squared",
        "|x|²|x'|² in place of |x||x'|",
        "Squared norms stand where norms should: test with inputs of length two.",
        matrix(lambda call, a: a.v**2 * correct(a)),
    ),
    Mistake(
        "times-inner-product",
        "the whole kernel is multiplied by the inner product, not by the norms",
        "The last layer's part is multiplied by the inner product: only the first layer's is.",
        formula(lambda a: a.u * correct(a)),
    ),
    Mistake(
        "cosine-not-normalised",
        "the inner product stands for the cosine",
        "For inputs of norm one the values are right: what stands for the cosine when they are "
        "longer?",
        matrix(lambda call, a: a.v * correct(with_cosine(a, np.clip(a.dot, -1, 1)))),
    ),
    Mistake(
        "cosine-not-normalised",
        "the inner product stands for the cosine",
        "For inputs of norm one the values are right: what stands for the cosine when they are "
        "longer?",
        matrix(lambda call, a: a.v * correct(with_cosine(a, a.dot))),
    ),
    Mistake(
        "first-norms",
        "the inner products are not divided by the norm of x'",
        "One of the two norms is missing in the cosine.",
        matrix(lambda call, a: a.v * correct(with_cosine(a, np.clip(a.dot / a.nx, -1, 1)))),
    ),
    Mistake(
        "transposed",
        "the result is transposed",
        "Rows and columns are exchanged: n inputs x and m inputs x' make a matrix (n, m).",
        matrix(lambda call, a: (a.v * correct(a)).T),
    ),
    Mistake(
        "only-x",
        "the Gram matrix of x; x' is not used",
        "x' is not used: what came back is the kernel of x with itself.",
        matrix(lambda call, a: relu_ntk(rows(call)[0], rows(call)[0])),
    ),
    Mistake(
        "upper-triangle",
        "only the upper triangle is filled",
        "Half of the matrix is empty when both inputs are the same.",
        lambda call: (
            {"k": np.triu(correct(pairs(call)))}
            if call.returns == ("k",) and "xprime" not in call.inputs
            else None
        ),
    ),
    Mistake(
        "cosine-shrunk-too-much",
        "the cosine is kept away from 1 by far more than rounding needs (0.99)",
        "What keeps the cosine below one changes it by so much that it shows: k(x, x) comes out "
        "too small.",
        formula(correct, (0.999, 0.995, 0.99, 0.98, 0.95, 0.9)),
    ),
    Mistake(
        "half-precision",
        "computed in half precision",
        "The values are right to three digits only: in which precision are they computed?",
        half_precision,
    ),
    Mistake(
        "constant-added",
        "a constant is added to every value",
        "One and the same number is added to all values; no bias is in this kernel.",
        added(on_diagonal=False),
    ),
    Mistake(
        "diagonal-added",
        "something is added to the diagonal",
        "Something is added on the diagonal, whatever the inputs are: a kernel knows its two "
        "inputs only.",
        added(on_diagonal=True),
    ),
    Mistake(
        "no-clamp",
        "nothing keeps the cosine within [−1, 1]: NaN for parallel inputs",
        "For parallel inputs rounding carries the cosine beyond one, where arccos has no value.",
        unguarded,
    ),
    Mistake(
        "squeezed",
        "squeeze() without a dimension",
        "squeeze() without a dimension removes every dimension of length one, also that of a "
        "single input.",
        matrix(lambda call, a: (a.v * correct(a)).squeeze() if 1 in a.v.shape else None),
    ),
    Mistake(
        "inputs-normalised-in-place",
        "the caller's inputs are normalised in place",
        "After the call the inputs have norm one: some operators, such as /=, change the tensor "
        "itself.",
        normalised,
    ),
)


def right(call: Call) -> Values:
    if asks_for_kernel(call):
        return {"k": correct(pairs(call))}
    return {name: np.asarray(call.inputs[name], dtype=np.float64) for name in call.returns}


# The factor 0.99999 on the cosine, which is allowed, moves k(x, x) by 7e-4.
CATALOGUE = Catalogue(MISTAKES, right, read, tolerance={"k": 1.5e-3, "x": 1e-5, "xprime": 1e-5})
