"""Mistakes in L_t = Σ (1 - 2 lr λ_i/n)^(2t) (u_i·y)² / n."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...checks.mistakes import Call, Catalogue, Mistake, Values
from ..reference import loss_curve

Array = np.ndarray
Formula = Callable[..., Any]  # (λ, (u_i·y)², n, lr, t (T + 1, 1))


def value(formula: Formula, values: Callable[[Array], Array] = lambda v: v) -> Callable:
    """What such an answer returns, from the eigenvalues of K (or what is made of them)."""

    def answer(call: Call) -> Values | None:
        if "losses" not in call.returns:
            return None
        k, y, lr = call.inputs["K"], call.inputs["y"], float(call.inputs["lr"])
        found, vectors = np.linalg.eigh(k)
        t = np.arange(int(call.inputs["T"]) + 1)[:, None]
        return {"losses": np.asarray(formula(values(found), (vectors.T @ y) ** 2, len(y), lr, t))}

    return answer


def factor(v: Array, n: int, lr: float) -> Array:
    return 1 - 2 * lr * v / n


def right(v: Array, s: Array, n: int, lr: float, t: Array) -> Array:
    return loss_curve(v, s, n, lr, t[:, 0])


def changed(call: Call) -> bool | None:
    if "losses" in call.returns:
        return None
    return any(not np.array_equal(call.reply[k], call.inputs[k]) for k in ("K", "y")) or None


def single(call: Call) -> bool | None:
    """Wrong by a little, as single precision is."""
    if "losses" not in call.returns:
        return None
    found, wanted = call.reply.get("losses"), value(right)(call)
    if not isinstance(found, np.ndarray) or found.shape != wanted["losses"].shape:
        return False
    off = np.max(np.abs(found / wanted["losses"] - 1))
    return None if off <= 1e-9 else bool(off < 1e-3)


MISTAKES = (
    Mistake(
        "exponent-t",
        "the exponent is t instead of 2t",
        "The error is followed, but not squared: what is the loss of an error that has halved?",
        value(lambda v, s, n, lr, t: (factor(v, n, lr) ** t @ s) / n),
    ),
    Mistake(
        "no-two",
        "the 2 of the squared error's gradient is missing",
        "The loss falls at half the speed: what is the gradient of a square?",
        value(lambda v, s, n, lr, t: ((1 - lr * v / n) ** (2 * t) @ s) / n),
    ),
    Mistake(
        "n-left-out",
        "the step is not divided by n",
        "The step does not take the mean over the points.",
        value(lambda v, s, n, lr, t: ((1 - 2 * lr * v) ** (2 * t) @ s) / n),
    ),
    Mistake(
        "n-and-two-left-out",
        "neither the 2 nor the n in the step",
        "The step is that of a plain sum of halved squares, not of the mean squared error.",
        value(lambda v, s, n, lr, t: ((1 - lr * v) ** (2 * t) @ s) / n),
    ),
    Mistake(
        "sum-not-mean",
        "the loss is a sum, not a mean",
        "The loss is a sum over the points; the mean is asked for.",
        value(lambda v, s, n, lr, t: factor(v, n, lr) ** (2 * t) @ s),
    ),
    Mistake(
        "half-loss",
        "the loss carries a factor one half",
        "The loss is half of the mean squared error.",
        value(lambda v, s, n, lr, t: right(v, s, n, lr, t) / 2),
    ),
    Mistake(
        "root",
        "the root of the loss",
        "This is the root of the mean squared error.",
        value(lambda v, s, n, lr, t: np.sqrt(right(v, s, n, lr, t))),
    ),
    Mistake(
        "inverse-eigenvalues",
        "eigenvalues of K⁻¹",
        "Directions in which K is large should be learnt fast; here they are slow.",
        value(right, lambda v: 1 / v),
    ),
    Mistake(
        "squared-eigenvalues",
        "eigenvalues squared",
        "Twice the kernel should act as twice the step.",
        value(right, lambda v: v**2),
    ),
    Mistake(
        "root-eigenvalues",
        "roots of eigenvalues",
        "Twice the kernel should act as twice the step.",
        value(right, lambda v: np.sqrt(np.abs(v))),
    ),
    Mistake(
        "continuous-time",
        "gradient flow: exp instead of steps",
        "This is the limit of infinitely small steps: these have a length.",
        value(lambda v, s, n, lr, t: (np.exp(-4 * lr * v * t / n) @ s) / n),
    ),
    Mistake(
        "sign",
        "1 + 2 lr λ/n",
        "The error grows along every direction: which way does a step go?",
        value(lambda v, s, n, lr, t: ((1 + 2 * lr * v / n) ** (2 * t) @ s) / n),
    ),
    Mistake(
        "clipped",
        "the factor is cut off at zero",
        "A step that is too long overshoots: here it stops at the bottom.",
        value(lambda v, s, n, lr, t: (np.maximum(factor(v, n, lr), 0) ** (2 * t) @ s) / n),
    ),
    Mistake(
        "clipped",
        "the factor is cut off at one",
        "A step that is too long makes the loss grow: here it stays where it is.",
        value(lambda v, s, n, lr, t: (np.clip(factor(v, n, lr), -1, 1) ** (2 * t) @ s) / n),
    ),
    Mistake(
        "projections-not-squared",
        "u_i·y is not squared",
        "What each direction holds of y enters squared.",
        value(lambda v, s, n, lr, t: (factor(v, n, lr) ** (2 * t) @ np.sqrt(s)) / n),
    ),
    Mistake(
        "top-only",
        "the largest eigenvalue stands for all",
        "One eigenvalue stands for all of them: each direction has its own speed.",
        value(lambda v, s, n, lr, t: (factor(v[-1:], n, lr) ** (2 * t) * s.sum())[:, 0] / n),
    ),
    Mistake(
        "mean-eigenvalue",
        "the mean eigenvalue stands for all",
        "One eigenvalue stands for all of them: each direction has its own speed.",
        value(
            lambda v, s, n, lr, t: (
                (factor(v.mean(keepdims=True), n, lr) ** (2 * t) * s.sum())[:, 0] / n
            )
        ),
    ),
    Mistake(
        "same-share",
        "the labels' share in each direction is left out",
        "Each direction counts the same: how much of y lies in it?",
        value(lambda v, s, n, lr, t: np.mean(factor(v, n, lr) ** (2 * t), axis=1) * s.sum() / n),
    ),
    Mistake(
        "same-share",
        "y is not looked at",
        "The labels do not enter: how much of y lies in each direction?",
        value(lambda v, s, n, lr, t: np.mean(factor(v, n, lr) ** (2 * t), axis=1)),
    ),
    Mistake(
        "first-step-missing",
        "the loss before any step is missing",
        "The first loss is missing: it is the one before any step.",
        value(lambda v, s, n, lr, t: right(v, s, n, lr, t)[1:]),
    ),
    Mistake(
        "last-step-missing",
        "T losses instead of T + 1",
        "The last loss is missing: T steps lead to T + 1 losses.",
        value(lambda v, s, n, lr, t: right(v, s, n, lr, t)[:-1]),
    ),
    Mistake(
        "starts-after-a-step",
        "everything is one step late",
        "The losses are one step ahead: the first one is that before any step.",
        value(lambda v, s, n, lr, t: right(v, s, n, lr, t + 1)),
    ),
    Mistake(
        "last-only",
        "only the last loss comes back",
        "Only the last loss came back: the whole curve is asked for.",
        value(lambda v, s, n, lr, t: right(v, s, n, lr, t)[-1]),
    ),
    Mistake(
        "small-cut-off",
        "small eigenvalues are left out with their share of y",
        "What K cannot learn stays in the loss: here it is left out.",
        value(lambda v, s, n, lr, t: right(v[v > 1e-8 * v[-1]], s[v > 1e-8 * v[-1]], n, lr, t)),
    ),
    Mistake(
        "per-direction",
        "a matrix: one curve a direction",
        "One curve for each direction came back: the loss is their sum.",
        value(lambda v, s, n, lr, t: factor(v, n, lr) ** (2 * t) * s / n),
    ),
    Mistake(
        "arguments-changed",
        "K or y is changed in place",
        "Some operators, such as *=, change the tensor itself.",
        changed,
    ),
    Mistake(
        "single-precision",
        "computed in single precision",
        "The digits end where single precision does: K and y come in double precision, keep it.",
        single,
    ),
)


def answer(call: Call) -> Values:
    return value(right)(call) or {name: call.inputs[name] for name in ("K", "y")}


CATALOGUE = Catalogue(MISTAKES, answer, tolerance=1e-7)
