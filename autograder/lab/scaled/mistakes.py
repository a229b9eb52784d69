"""Mistakes in α (net(x) - initial(x))."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...checks.mistakes import Call, Catalogue, Mistake, Values
from .. import networks
from ..networks import Array

# net, initial: the outputs of the two at given inputs; α
Formula = Callable[[Callable[[Array], Array], Callable[[Array], Array], float, Array], Any]


def _side(call: Call, which: str) -> dict[str, Array]:
    return {name: call.inputs[f"{which}{i}"] for i, name in enumerate(call.inputs["names"])}


def _flat(call: Call, which: str) -> Array:
    return np.concatenate([part.ravel() for part in _side(call, which).values()])


def value(formula: Formula) -> Callable[[Call], Values | None]:
    def answer(call: Call) -> Values | None:
        told: Values = {}
        p = call.inputs

        def net(which: str) -> Callable[[Array], Array]:
            weights = _side(call, which)
            return lambda x: networks.outputs(p["plan"], weights, x)

        for name, which in (("start", "old"), ("after", "new")):
            if name in call.returns:
                out = np.asarray(formula(net(which), net("old"), p["alpha"], p["x"]))
                told[name] = out[:, None] if out.ndim == 1 else out
        return told or None

    return answer


def mark(accept: Callable[..., bool | None], *names: str) -> Callable[[Call], bool | None]:
    """A mark in weights that came back; nothing where they were not asked for."""

    def answer(call: Call) -> bool | None:
        if not set(names) <= set(call.reply):
            return None
        return accept(call, *(np.asarray(call.reply[name]) for name in names))

    return answer


def twice_as_many(call: Call, yielded: Array) -> bool | None:
    return len(yielded) == 2 * len(_flat(call, "old")) or None


def follows(call: Call, inner: Array, initial: Array) -> bool | None:
    same = initial.shape == inner.shape and np.array_equal(inner, initial)
    return bool(same and not np.array_equal(initial, _flat(call, "old"))) or None


def shared(call: Call) -> bool | Values | None:
    """initial is net itself."""
    if {"inner", "initial"} <= set(call.reply):
        return follows(call, np.asarray(call.reply["inner"]), np.asarray(call.reply["initial"]))
    return value(lambda net, initial, alpha, x: 0 * net(x))(call)


def copied(call: Call, inner: Array, initially: Array) -> bool | None:
    """net is a copy: what happens to the given network does not reach it."""
    return bool(np.array_equal(inner, _flat(call, "old"))) or None


RIGHT = value(lambda net, initial, alpha, x: alpha * (net(x) - initial(x)))


def squeezed(call: Call) -> Values | None:
    return {name: out[:, 0] for name, out in (RIGHT(call) or {}).items()} or None


MISTAKES = (
    Mistake(
        "initial-is-net",
        "initial is the network itself, not a copy",
        "initial moves together with net: are they two networks, or two names of one?",
        shared,
    ),
    Mistake(
        "not-centred",
        "the output at the start is not subtracted",
        "The output is a multiple of the network's own: what is it at the start?",
        value(lambda net, initial, alpha, x: alpha * net(x)),
    ),
    Mistake(
        "not-scaled",
        "α is not used",
        "The output does not depend on alpha.",
        value(lambda net, initial, alpha, x: net(x) - initial(x)),
    ),
    Mistake(
        "alpha-inside",
        "α multiplies the inputs",
        "alpha stands inside of the network: there a bend or a bias comes after it.",
        value(lambda net, initial, alpha, x: net(alpha * x) - initial(alpha * x)),
    ),
    Mistake(
        "alpha-on-net-only",
        "α multiplies only the trained network",
        "alpha multiplies one of the two networks only.",
        value(lambda net, initial, alpha, x: alpha * net(x) - initial(x)),
    ),
    Mistake(
        "alpha-on-initial-only",
        "α multiplies only the initial network",
        "alpha multiplies one of the two networks only.",
        value(lambda net, initial, alpha, x: net(x) - alpha * initial(x)),
    ),
    Mistake(
        "divided",
        "divided by α",
        "A larger alpha makes the output smaller.",
        value(lambda net, initial, alpha, x: (net(x) - initial(x)) / alpha),
    ),
    Mistake(
        "squared",
        "α squared",
        "Twice the alpha makes the output four times as large.",
        value(lambda net, initial, alpha, x: alpha**2 * (net(x) - initial(x))),
    ),
    Mistake(
        "root",
        "the root of α",
        "Four times the alpha makes the output twice as large only.",
        value(lambda net, initial, alpha, x: alpha**0.5 * (net(x) - initial(x))),
    ),
    Mistake(
        "sign",
        "initial - net",
        "The output has the wrong sign.",
        value(lambda net, initial, alpha, x: alpha * (initial(x) - net(x))),
    ),
    Mistake(
        "sum",
        "net + initial",
        "The start is added instead of subtracted.",
        value(lambda net, initial, alpha, x: alpha * (net(x) + initial(x))),
    ),
    Mistake(
        "interpolates",
        "α net + (1 - α) initial",
        "The two networks are mixed with each other.",
        value(lambda net, initial, alpha, x: alpha * net(x) + (1 - alpha) * initial(x)),
    ),
    Mistake(
        "alpha-added",
        "α is added",
        "alpha is added instead of multiplied.",
        value(lambda net, initial, alpha, x: alpha + net(x) - initial(x)),
    ),
    Mistake(
        "squeezed",
        "(N,) instead of (N, 1)",
        "The output has lost a dimension.",
        squeezed,
    ),
    Mistake(
        "bent",
        "a bend after the difference",
        "The output is never negative.",
        value(lambda net, initial, alpha, x: np.maximum(alpha * (net(x) - initial(x)), 0)),
    ),
    Mistake(
        "parameters-of-both",
        "parameters() yields those of initial too",
        "The weights of both networks are yielded: which of the two is trained?",
        mark(twice_as_many, "yielded"),
    ),
    Mistake(
        "copied-net",
        "net is a copy too",
        "Whoever moves the given network does not move net: two copies are one too many.",
        mark(copied, "inner", "initially"),
    ),
    Mistake(
        "copied-net",
        "net is a copy too",
        "Whoever moves the given network does not move net: two copies are one too many.",
        value(lambda net, initial, alpha, x: 0 * x.reshape(len(x), -1)[:, 0]),
    ),
)


def right(call: Call) -> Values:
    return RIGHT(call) or {}


CATALOGUE = Catalogue(MISTAKES, right, tolerance=1e-8)
