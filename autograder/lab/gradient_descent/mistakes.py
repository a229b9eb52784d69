"""Mistakes in the iteration w ← w - η X(Xᵀw - Y), T steps from w0."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ...checks.mistakes import Call, Catalogue, Mistake, Values
from ..reference import gradient_descent

Step = Callable[..., np.ndarray]  # (w, inputs, t)


def gradient(w: np.ndarray, p: Mapping) -> np.ndarray:
    return p["X"] @ (p["X"].T @ w - p["Y"])


def right_path(call: Call, **other: Any) -> np.ndarray:
    """The right iterates (T + 1, p), for these inputs or for some other ones."""
    p = {**call.inputs, **other}
    return gradient_descent(p["X"], p["Y"], p["w0"], p["eta"], int(p["T"]))


def path(call: Call, step: Step) -> np.ndarray:
    """Rows (T + 1, p): `step(w, inputs, t)` is what is subtracted from w."""
    p = call.inputs
    ws = [p["w0"]]
    for t in range(int(p["T"])):
        ws.append(ws[-1] - step(ws[-1], p, t))
    return np.stack(ws)


def plain(w: np.ndarray, p: Mapping, t: int) -> np.ndarray:
    return p["eta"] * gradient(w, p)


def one_point(w: np.ndarray, p: dict, t: int) -> np.ndarray:
    x = p["X"][:, t % p["X"].shape[1]]
    return p["eta"] * x * (x @ w - p["Y"][t % len(p["Y"])])


def iterates(found: Callable[[Call], np.ndarray]) -> Callable[[Call], Values | None]:
    """What comes back where the iterates are asked for."""
    return lambda call: {"ws": found(call)} if "ws" in call.returns else None


def steps(step: Step) -> Callable[[Call], Values | None]:
    """The mistake of a step."""
    return iterates(lambda call: path(call, step))


def shown(change: Callable[[np.ndarray, Any], np.ndarray]) -> Callable[[Call], Values | None]:
    """Right iterates, shown in a wrong way."""
    return iterates(lambda call: change(right_path(call), call))


def overwritten(call: Call) -> Values | None:
    return None if "ws" in call.returns else {"w0": right_path(call)[-1]}


def one_array(call: Call) -> Values | None:
    ws = right_path(call)
    return {"ws": np.tile(ws[-1], (len(ws), 1))} if "ws" in call.returns else {"w0": ws[-1]}


MISTAKES = (
    Mistake(
        "no-movement",
        "the weights do not move",
        "The weights did not move: is η X(Xᵀw - Y) subtracted, and the result kept?",
        shown(lambda ws, call: np.tile(call.inputs["w0"], (len(ws), 1)) if len(ws) > 1 else ws),
    ),
    Mistake(
        "uphill",
        "the step goes uphill",
        "The step goes uphill: look at its sign.",
        steps(lambda w, p, t: -plain(w, p, t)),
    ),
    Mistake(
        "factor-two",
        "a factor 2 in the gradient",
        "The step is twice as long as asked: the loss here carries a one half.",
        steps(lambda w, p, t: 2 * plain(w, p, t)),
    ),
    Mistake(
        "divided-by-n",
        "the gradient is divided by n",
        "The step is divided by the number of points; the loss here is a sum, not a mean.",
        steps(lambda w, p, t: plain(w, p, t) / len(p["Y"])),
    ),
    Mistake(
        "mean-square-gradient",
        "the gradient of the mean square error, 2/n times the one asked for",
        "This is the gradient of the mean square error; the loss here is half of a sum.",
        steps(lambda w, p, t: 2 * plain(w, p, t) / len(p["Y"])),
    ),
    Mistake(
        "divided-by-p",
        "the gradient is divided by p",
        "The step is divided by the number of weights; it should not be.",
        steps(lambda w, p, t: plain(w, p, t) / len(p["w0"])),
    ),
    *(
        Mistake(
            "fixed-eta",
            "eta is not taken from the argument",
            "The step does not depend on eta as given: is the number written into the function?",
            steps(lambda w, p, t, eta=eta: eta * gradient(w, p)),
        )
        for eta in (1e-3, 1e-2, 1e-1, 1.0)
    ),
    Mistake(
        "eta-twice",
        "multiplied by eta twice",
        "The step shrinks with the square of eta.",
        steps(lambda w, p, t: p["eta"] * plain(w, p, t)),
    ),
    Mistake(
        "no-targets",
        "the targets Y are forgotten",
        "The step does not depend on Y.",
        steps(lambda w, p, t: p["eta"] * p["X"] @ (p["X"].T @ w)),
    ),
    Mistake(
        "adds-targets",
        "Xᵀw + Y instead of Xᵀw - Y",
        "Larger targets push the predictions away from them: look at the residual.",
        steps(lambda w, p, t: p["eta"] * p["X"] @ (p["X"].T @ w + p["Y"])),
    ),
    Mistake(
        "gradient-at-the-start",
        "every gradient is taken at w0",
        "All steps are alike: each one should be computed at the last iterate.",
        steps(lambda w, p, t: p["eta"] * gradient(p["w0"], p)),
    ),
    Mistake(
        "shrinking-eta",
        "eta is divided by the number of the step",
        "The steps become shorter from one to the next: eta stays the same here.",
        steps(lambda w, p, t: plain(w, p, t) / (t + 1)),
    ),
    Mistake(
        "unit-steps",
        "the gradient is normalised to length one",
        "All steps have the length eta: the gradient's own length counts as well.",
        steps(lambda w, p, t: p["eta"] * gradient(w, p) / np.linalg.norm(gradient(w, p))),
    ),
    Mistake(
        "one-point-a-step",
        "a step for a single data point (stochastic gradient descent)",
        "Each step looks at one data point only: here a step takes all of them.",
        steps(one_point),
    ),
    Mistake(
        "starts-at-zero",
        "starts at zero instead of w0",
        "The path begins at zero: where should it begin?",
        iterates(lambda call: right_path(call, w0=np.zeros_like(call.inputs["w0"]))),
    ),
    Mistake(
        "start-left-out",
        "row 0 is the iterate after the first step",
        "The iterates are right, but the first row is missing: the path begins before any step.",
        shown(lambda ws, call: ws[1:]),
    ),
    Mistake(
        "end-left-out",
        "the last iterate is missing (T rows)",
        "The iterates are right, but the last one is missing: T steps lead to T + 1 points.",
        shown(lambda ws, call: ws[:-1]),
    ),
    Mistake(
        "one-step-too-many",
        "one step too many",
        "There is one iterate too many: T steps lead to T + 1 points.",
        iterates(lambda call: right_path(call, T=call.inputs["T"] + 1)),
    ),
    Mistake(
        "last-only",
        "only the last iterate comes back",
        "Only the end of the path came back.",
        shown(lambda ws, call: ws[-1]),
    ),
    Mistake(
        "last-only",
        "only the last iterate comes back",
        "Only the end of the path came back.",
        shown(lambda ws, call: ws[-1:]),
    ),
    Mistake(
        "backwards",
        "the iterates in reverse order",
        "The path comes back in reverse order.",
        shown(lambda ws, call: ws[::-1]),
    ),
    Mistake(
        "transposed",
        "(p, T + 1) instead of (T + 1, p)",
        "The result is transposed: one iterate a row is asked for.",
        shown(lambda ws, call: ws.T),
    ),
    Mistake(
        "columns",
        "the iterates are columns (p, 1)",
        "Each iterate is a column of shape (p, 1); a row of p numbers is asked for.",
        shown(lambda ws, call: ws[..., None]),
    ),
    Mistake(
        "overwrites-w0",
        "w0 is changed in place",
        "After the call w0 is the last iterate: some operators, such as -=, change the array "
        "itself.",
        overwritten,
    ),
    Mistake(
        "one-array",
        "one array, changed in place, stands in every row",
        "All rows are the last iterate: one array was changed in place and stored again and again.",
        one_array,
    ),
)


def right(call: Call) -> Values:
    return (
        {"ws": right_path(call)}
        if "ws" in call.returns
        else {k: call.inputs[k] for k in ("X", "Y", "w0")}
    )


CATALOGUE = Catalogue(MISTAKES, right, tolerance=1e-7)
