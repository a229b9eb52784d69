"""Mistakes in the kernel of gradients of a network."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from ...checks.mistakes import Call, Catalogue, Mistake, Values
from .. import networks
from ..networks import Array

Formula = Callable[[Array, Array], Any]  # gradients (n, P), (m, P) → what comes back


def _weights(call: Call) -> dict[str, Array]:
    p = call.inputs
    return {name: np.asarray(p[key], np.float64) for key, name in p["keys"].items()}


def trained(call: Call) -> list[str]:
    every = networks.parameters(_weights(call))
    return [name for name in every if name not in call.inputs["frozen"]]


def features(call: Call, names: Iterable[str]) -> tuple[Array, Array]:
    p, weights = call.inputs, _weights(call)
    chosen = list(names)
    left, right = (
        networks.features(p["plan"], weights, np.asarray(p[k], np.float64), chosen)
        for k in ("x", "xprime")
    )
    return left, right


def of(
    formula: Formula, choose: Callable[[list[str]], list[str]] = lambda names: names
) -> Callable[[Call], Values | None]:
    """A mistake in what is made of the gradients, or in whose gradients they are."""

    def answer(call: Call) -> Values | None:
        if "kernel" not in call.returns:
            return None
        names = choose(trained(call))
        return {"kernel": np.asarray(formula(*features(call, names)))} if names else None

    return answer


def inner(g: Array, h: Array) -> Array:
    return g @ h.T


def last(names: list[str]) -> list[str]:
    return [name for name in names if name.split(".")[0] == names[-1].split(".")[0]]


def every(call: Call) -> Values | None:
    if "kernel" not in call.returns:
        return None
    return {"kernel": inner(*features(call, networks.parameters(_weights(call))))}


def other(what: str) -> Callable[[Call], Values | None]:
    """Something else than weights: the outputs themselves, gradients at the inputs, the inputs."""

    def answer(call: Call) -> Values | None:
        if "kernel" not in call.returns:
            return None
        p, found = call.inputs, []
        for k in ("x", "xprime"):
            x = np.asarray(p[k], np.float64)
            out, _, slope = networks.run(p["plan"], _weights(call), x)
            rows = {"out": out[:, None], "slope": slope, "x": x.reshape(len(x), -1)}
            found.append(rows[what])
        return {"kernel": inner(*found)}

    return answer


def unit(g: Array) -> Array:
    return g / np.linalg.norm(g, axis=1, keepdims=True)


def square(g: Array, h: Array) -> Array:
    return g @ g.T


def filled(number: Callable[[Array, Array], float]) -> Formula:
    return lambda g, h: np.full((len(g), len(h)), number(g, h))


def mode(call: Call) -> bool | None:
    """Another mode came back than was sent."""
    told = call.reply.get("modes")
    if told is None or told == [call.inputs["training"]] * len(told):
        return None
    return True


def left_behind(call: Call) -> bool | None:
    """Gradients where there were none."""
    told = call.reply.get("grads")
    if told is None or call.inputs["gradients"]:
        return None
    return bool(np.size(told)) or None


def erased(call: Call) -> bool | None:
    told = call.reply.get("grads")
    if told is None or not call.inputs["gradients"]:
        return None
    return bool(np.size(told) == 0 or not np.any(told)) or None


def added(call: Call) -> bool | None:
    told = call.reply.get("grads")
    if told is None or not call.inputs["gradients"] or not np.size(told):
        return None
    weights = _weights(call)
    sizes = [weights[name].size for name in networks.parameters(weights)]
    before = np.concatenate([np.arange(1.0, 1 + size) for size in sizes])
    same = np.array_equal(told, before)
    return True if not same and np.any(told) else None


MISTAKES = (
    Mistake(
        "last-layer-only",
        "gradients of the last layer only",
        "The gradients are those of the last layer: all layers are trained.",
        of(inner, last),
    ),
    Mistake(
        "first-layer-only",
        "gradients of the first layer only",
        "The gradients are those of the first layer: all layers are trained.",
        of(inner, lambda names: [n for n in names if n.split(".")[0] == names[0].split(".")[0]]),
    ),
    Mistake(
        "biases-left-out",
        "the gradients of the biases are left out",
        "Some weights are left out: is every parameter of a layer a matrix?",
        of(inner, lambda names: [n for n in names if not n.endswith("bias")]),
    ),
    Mistake(
        "last-parameter-only",
        "only the last of the parameters counts",
        "One parameter only is looked at: is something overwritten in a loop?",
        of(inner, lambda names: names[-1:]),
    ),
    Mistake(
        "first-parameter-only",
        "only the first of the parameters counts",
        "One parameter only is looked at: does a loop end too early?",
        of(inner, lambda names: names[:1]),
    ),
    Mistake(
        "frozen-too",
        "weights that are frozen count too",
        "Weights that are not trained are counted as well.",
        every,
    ),
    Mistake(
        "first-set-only",
        "x is compared with itself, xprime is not used",
        "Only the first set of inputs is looked at: what is xprime for?",
        of(square),
    ),
    Mistake(
        "second-set-only",
        "xprime is compared with itself, x is not used",
        "Only the second set of inputs is looked at.",
        of(lambda g, h: h @ h.T),
    ),
    Mistake(
        "transposed",
        "(m, n) instead of (n, m)",
        "The matrix is transposed: which of the two sets stands in the rows?",
        of(lambda g, h: h @ g.T),
    ),
    Mistake(
        "summed-over-outputs",
        "one gradient of the sum of all outputs",
        "The outputs were added up before the gradient was taken: each input has a gradient of its "
        "own.",
        of(filled(lambda g, h: g.sum(0) @ h.sum(0))),
    ),
    Mistake(
        "summed-over-outputs",
        "one gradient of the sum of all outputs",
        "The outputs were added up before the gradient was taken: each input has a gradient of its "
        "own.",
        of(lambda g, h: g.sum(0) @ h.sum(0)),
    ),
    Mistake(
        "summed-over-outputs",
        "one gradient of the sum of all outputs",
        "The outputs were added up before the gradient was taken: each input has a gradient of its "
        "own.",
        of(lambda g, h: np.tile(g @ h.sum(0), (len(h), 1)).T),
    ),
    Mistake(
        "mean-of-outputs",
        "one gradient of the mean of all outputs",
        "The mean of the outputs was differentiated: each input has a gradient of its own.",
        of(filled(lambda g, h: g.mean(0) @ h.mean(0))),
    ),
    Mistake(
        "mean-of-outputs",
        "each gradient is divided by the number of inputs",
        "The mean of the outputs was differentiated: each input has a gradient of its own.",
        of(lambda g, h: inner(g, h) / (len(g) * len(h))),
    ),
    Mistake(
        "gradients-accumulate",
        "each gradient is added to those before it (.grad is never reset)",
        "From one input to the next the gradients grow: PyTorch adds to what stands in .grad.",
        of(lambda g, h: np.cumsum(g, 0) @ np.cumsum(h, 0).T),
    ),
    Mistake(
        "gradients-accumulate",
        "each gradient is added to those before it (.grad is never reset)",
        "From one input to the next the gradients grow: PyTorch adds to what stands in .grad.",
        of(lambda g, h: np.cumsum(g, 0) @ (g.sum(0) + np.cumsum(h, 0)).T),
    ),
    Mistake(
        "one-tensor",
        "one tensor, changed in place, stands for every gradient",
        "All inputs seem to have the same gradient: is it one tensor that each backward changes?",
        of(filled(lambda g, h: g[-1] @ h[-1])),
    ),
    Mistake(
        "normalised",
        "the cosine of the gradients",
        "The gradients were made one long: their lengths belong to the kernel.",
        of(lambda g, h: unit(g) @ unit(h).T),
    ),
    Mistake(
        "divided-by-parameters",
        "divided by the number of parameters",
        "The kernel is divided by the number of weights: a sum is asked for.",
        of(lambda g, h: inner(g, h) / g.shape[1]),
    ),
    Mistake(
        "doubled",
        "twice the kernel, as from a squared loss",
        "The kernel is twice as large: was something other than the output differentiated?",
        of(lambda g, h: 2 * inner(g, h)),
    ),
    Mistake(
        "doubled",
        "four times the kernel, as from a squared loss",
        "The kernel is four times as large: was something other than the output differentiated?",
        of(lambda g, h: 4 * inner(g, h)),
    ),
    Mistake(
        "distance",
        "the distance of the gradients instead of their product",
        "These are distances of gradients.",
        of(lambda g, h: np.linalg.norm(g[:, None] - h[None], axis=2)),
    ),
    Mistake(
        "root",
        "the root of the inner product",
        "Two times larger gradients should make the kernel four times as large.",
        of(lambda g, h: np.sqrt(np.abs(inner(g, h)))),
    ),
    Mistake(
        "absolute",
        "absolute values of gradients",
        "The signs of the gradients are lost.",
        of(lambda g, h: np.abs(g) @ np.abs(h).T),
    ),
    Mistake(
        "absolute",
        "absolute values of the kernel",
        "The kernel is never negative: two gradients may well point in opposite directions.",
        of(lambda g, h: np.abs(inner(g, h))),
    ),
    Mistake(
        "outputs",
        "products of outputs instead of gradients",
        "Outputs were multiplied with each other: where are the gradients?",
        other("out"),
    ),
    Mistake(
        "gradients-at-inputs",
        "gradients with respect to the inputs",
        "The gradients are taken with respect to the inputs, not to the weights.",
        other("slope"),
    ),
    Mistake(
        "inputs",
        "products of the inputs",
        "The inputs were multiplied with each other: what has the network to do with it?",
        other("x"),
    ),
    Mistake(
        "mode-changed",
        "the mode (training, evaluation) is changed and not put back",
        "Who changes the mode must put it back as it was found.",
        mode,
    ),
    Mistake(
        "gradients-left-behind",
        "the last gradient is left in .grad",
        "What is computed on the way is left in .grad, where the next training step would use it.",
        left_behind,
    ),
    Mistake(
        "gradients-erased",
        "gradients that stood in .grad are lost",
        "Gradients that somebody else had computed are lost.",
        erased,
    ),
    Mistake(
        "gradients-added",
        "something is added to what stood in .grad",
        "What is computed on the way is left in .grad, where the next training step would use it.",
        added,
    ),
)


def right(call: Call) -> Values:
    if "kernel" not in call.returns:
        return {}
    return {"kernel": inner(*features(call, trained(call)))}


# Half of the networks are in single precision.
CATALOGUE = Catalogue(MISTAKES, right, tolerance=1e-4)
