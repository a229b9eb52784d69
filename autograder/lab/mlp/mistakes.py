"""Mistakes in 784 → hidden_dim → 1 with a ReLU between, Xavier-normal weights and zero biases.

A fresh network's weights are random: they are compared by their spread, in units of Xavier's, and
by their tails.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...checks.mistakes import Call, Catalogue, Mistake, Values, numbers
from .. import reference

NORMAL, UNIFORM = 3.0, 1.8  # fourth moments in units of the squared variance
INPUTS = 784
Array = np.ndarray
relu = lambda z: np.maximum(z, 0)  # noqa: E731


def forward(formula: Callable[..., Array]) -> Callable[[Call], Values | None]:
    """`formula(x, w, b, a, c)` → outputs, for a call that puts weights in."""

    def answer(call: Call) -> Values | None:
        if "out" not in call.returns:
            return None
        p = {
            name: np.asarray(call.inputs[name], dtype=np.float64)
            for name in ("images", "w1", "b1", "w2", "b2")
        }
        return {
            "out": formula(
                p["images"].reshape(len(p["images"]), -1), p["w1"], p["b1"], p["w2"], p["b2"]
            )
        }

    return answer


def correct(x: Array, w: Array, b: Array, a: Array, c: Array) -> Array:
    return reference.forward((w, b, a, c), x)


def fans(call: Call) -> dict[str, tuple[int, int]]:
    h = int(call.inputs["h"])
    return {"l1": (INPUTS, h), "lout": (h, 1)}


def xavier(fan_in: int, fan_out: int) -> float:
    return np.sqrt(2 / (fan_in + fan_out))


def read(call: Call) -> Values:
    found = numbers(call)
    if "b1" not in call.returns:
        return found
    told = {}
    for layer, fan in fans(call).items():
        weights = found.get(layer, np.empty(0))
        if weights.size:
            told[f"{layer} spread"] = np.asarray(weights.std() / xavier(*fan))
            told[f"{layer} centre"] = np.asarray(1 + weights.mean() / xavier(*fan))
            told[f"{layer} tails"] = np.asarray(
                np.mean(((weights - weights.mean()) / weights.std()) ** 4)
            )
    if "b1" in found:
        # 1 as PyTorch draws them
        told["b1 spread"] = np.asarray(found["b1"].std() * np.sqrt(3 * INPUTS))
    if found.get("several", np.empty(0)).ndim == 2:
        told["narrow spread"] = np.asarray(
            found["several"].std() / xavier(found["several"].shape[1], 1)
        )
    return told


def fresh(first: tuple | None, last: tuple | None) -> Callable[[Call], Values | None]:
    """How weights were drawn: for each layer (spread of (fan in, fan out), tails), or None for
    Xavier-normal."""

    def answer(call: Call) -> Values | None:
        if "b1" not in call.returns:
            return None
        told: Values = {}
        for (layer, fan), drawn in zip(fans(call).items(), (first, last), strict=True):
            spread, tails = drawn or (xavier, NORMAL)
            told |= {
                f"{layer} spread": np.asarray(spread(*fan) / xavier(*fan)),
                f"{layer} tails": np.asarray(tails),
            }
            told |= {f"{layer} centre": np.asarray(1.0)}
        return told

    return answer


def biased(call: Call) -> Values | None:
    """Xavier-normal weights, and biases as PyTorch draws them."""
    told = fresh(None, None)(call)
    return None if told is None else told | {"b1 spread": np.asarray(1.0)}


def one_spread(call: Call) -> Values | None:
    """The first layer's spread in both layers."""
    if "b1" not in call.returns:
        return None
    narrow = int(call.inputs["narrow"])
    told = {
        "l1 spread": 1.0,
        "l1 tails": NORMAL,
        "narrow spread": xavier(INPUTS, narrow) / xavier(narrow, 1),
    }
    return {name: np.asarray(value) for name, value in told.items()}


def alike(call: Call) -> bool | None:
    if "b1" not in call.returns:
        return None
    found = numbers(call)
    return any(found[k].size > 1 and np.ptp(found[k]) == 0 for k in ("l1", "lout") if k in found)


def seeded(call: Call) -> bool | None:
    if "other_l1" not in call.returns:
        return None
    found = numbers(call)
    return all(
        np.array_equal(found[k], found[f"other_{k}"]) and np.ptp(found[k]) > 0
        for k in ("l1", "lout")
    )


def shapes(accept: Callable[[dict, int, float], bool]) -> Callable[[Call], bool | None]:
    """A mark in the layers' shapes: `accept(shapes, width, number of parameters)`; None at widths
    where it hides."""

    def answer(call: Call) -> bool | None:
        found = call.reply.get("shapes")
        if not isinstance(found, dict):
            return None
        total: Any = call.reply.get("total")
        width = int(call.inputs["h"]) or 10
        right = {"l1": [[width, INPUTS], [width]], "lout": [[1, width], [1]]}
        if found == right and total == 786 * width + 1:
            return None
        return bool(accept(found, width, total))

    return answer


he, lecun = (lambda i, o: np.sqrt(2 / i)), (lambda i, o: np.sqrt(1 / i))
default = (lambda i, o: np.sqrt(1 / (3 * i)), UNIFORM)  # PyTorch's own: uniform within 1/√(fan in)
OTHER = "which rule is asked for?"
MISTAKES = (
    Mistake(
        "no-relu",
        "no ReLU: the network is linear",
        "The network is linear: where is the ReLU?",
        forward(lambda x, w, b, a, c: (x @ w.T + b) @ a.T + c),
    ),
    Mistake(
        "relu-on-output",
        "a ReLU on the output too",
        "The output is never negative: the ReLU belongs after the first layer only.",
        forward(lambda *p: relu(correct(*p))),
    ),
    Mistake(
        "relu-misplaced",
        "the ReLU stands after the output layer only",
        "The output is never negative, and the hidden layer is linear: the ReLU is in the wrong "
        "place.",
        forward(lambda x, w, b, a, c: relu((x @ w.T + b) @ a.T + c)),
    ),
    Mistake(
        "relu-misplaced",
        "the ReLU stands before the first layer",
        "Negative pixels are cut off and the hidden layer is linear: the ReLU is in the wrong "
        "place.",
        forward(lambda x, w, b, a, c: (relu(x) @ w.T + b) @ a.T + c),
    ),
    *(
        Mistake(
            "other-activation",
            "another activation than ReLU",
            "The hidden units bend, but not as a ReLU does.",
            forward(lambda x, w, b, a, c, f=f: f(x @ w.T + b) @ a.T + c),
        )
        for f in (
            np.tanh,
            lambda z: 1 / (1 + np.exp(-z)),
            lambda z: np.where(z > 0, z, 0.01 * z),
            np.abs,
            lambda z: np.log1p(np.exp(z)),
            lambda z: np.where(z > 0, z, np.expm1(z)),
            lambda z: (z > 0) * 1.0,
            lambda z: z / (1 + np.exp(-z)),
            lambda z: relu(z) ** 2,
            lambda z: np.clip(z, 0, 6),
        )
    ),
    Mistake(
        "sigmoid-output",
        "a sigmoid on the output",
        "The output stays between 0 and 1: nothing should follow the output layer.",
        forward(lambda *p: 1 / (1 + np.exp(-correct(*p)))),
    ),
    Mistake(
        "sigmoid-output",
        "a tanh on the output",
        "The output stays between -1 and 1: nothing should follow the output layer.",
        forward(lambda *p: np.tanh(correct(*p))),
    ),
    Mistake(
        "softmax-output",
        "a softmax over the single output, which is always 1",
        "A softmax over one number is always 1: nothing should follow the output layer.",
        forward(lambda *p: np.ones_like(correct(*p))),
    ),
    Mistake(
        "divided-by-root-width",
        "divided by √m, as in the derivation of the kernel",
        "The output is divided by the root of the width: that belongs to the derivation in "
        "section 5, not here.",
        forward(lambda x, w, b, a, c: relu(x @ w.T + b) @ a.T / np.sqrt(len(w)) + c),
    ),
    Mistake(
        "divided-by-root-width",
        "divided by √m, as in the derivation of the kernel",
        "The output is divided by the root of the width: that belongs to the derivation in "
        "section 5, not here.",
        forward(lambda *p: correct(*p) / np.sqrt(len(p[1]))),
    ),
    Mistake(
        "images-scaled",
        "the images are scaled once more",
        "The images are scaled inside of the network: they come as they should be.",
        forward(lambda x, *p: correct(x / 255, *p)),
    ),
    Mistake(
        "images-scaled",
        "the images are scaled once more",
        "The images are scaled inside of the network: they come as they should be.",
        forward(lambda x, *p: correct((x - 0.5) / 0.5, *p)),
    ),
    Mistake(
        "output-squeezed",
        "the outputs lose their last dimension",
        "N numbers came back; N rows of one number are asked for.",
        forward(lambda *p: correct(*p)[:, 0]),
    ),
    Mistake(
        "fixed-width",
        "hidden_dim is not used",
        "The width is the same whatever hidden_dim is.",
        shapes(lambda found, width, total: found["l1"][0][0] != width),
    ),
    Mistake(
        "extra-layer",
        "more parameters than those of l1 and lout",
        "There are more parameters than those of two layers: one hidden layer is asked for.",
        shapes(
            lambda found, width, total: (
                total > 786 * width + 1 and len(found["lout"][0]) == 2 and found["lout"][0][0] == 1
            )
        ),
    ),
    Mistake(
        "ten-outputs",
        "one output for each of ten classes",
        "There is an output for each class; here a network has a single one, a number.",
        shapes(lambda found, width, total: found["lout"][0][0] == 10),
    ),
    Mistake(
        "ten-outputs",
        "one output for each of ten classes",
        "There is an output for each class; here a network has a single one, a number.",
        forward(lambda *p: np.repeat(correct(*p), 10, axis=1)),
    ),
    Mistake(
        "no-biases",
        "layers without biases",
        "A bias is missing.",
        shapes(lambda found, width, total: total in (785 * width, 785 * width + 1, 786 * width)),
    ),
    *(
        Mistake(
            "no-biases",
            "layers without biases",
            "A bias is missing.",
            forward(lambda x, w, b, a, c, k=k: correct(x, w, k[0] * b, a, k[1] * c)),
        )
        for k in ((0, 0), (1, 0), (0, 1))
    ),
    Mistake(
        "all-alike",
        "all weights of a layer are alike",
        "All weights of a layer are the same number, so all hidden units do the same.",
        alike,
    ),
    Mistake(
        "pytorch-default",
        "PyTorch's own initialisation",
        "This is how PyTorch draws weights when nobody asks for anything else.",
        fresh(default, default),
    ),
    Mistake(
        "first-layer-only",
        "only the first layer is initialised",
        "lout is as PyTorch made it.",
        fresh(None, default),
    ),
    Mistake(
        "last-layer-only",
        "only the last layer is initialised",
        "l1 is as PyTorch made it.",
        fresh(default, None),
    ),
    Mistake(
        "xavier-uniform",
        "Xavier's rule with the uniform distribution",
        "The spread is right, but the weights are drawn evenly from an interval: which "
        "distribution is asked for?",
        fresh((xavier, UNIFORM), (xavier, UNIFORM)),
    ),
    *(
        Mistake(
            "he",
            "He's (Kaiming's) rule instead of Xavier's",
            f"The spread takes account of the inputs of a layer only: {OTHER}",
            fresh((he, t), (he, t)),
        )
        for t in (NORMAL, UNIFORM)
    ),
    Mistake(
        "lecun",
        "1/√(inputs) instead of Xavier's rule",
        f"The spread takes account of the inputs of a layer only: {OTHER}",
        fresh((lecun, NORMAL), (lecun, NORMAL)),
    ),
    Mistake(
        "gain",
        "a gain of √2 in Xavier's rule",
        "The spread is larger than asked by one factor in both layers.",
        fresh(*2 * ((lambda i, o: np.sqrt(2) * xavier(i, o), NORMAL),)),
    ),
    Mistake(
        "variance-for-spread",
        "the variance stands for the standard deviation",
        "A variance was used as a standard deviation.",
        fresh(*2 * ((lambda i, o: xavier(i, o) ** 2, NORMAL),)),
    ),
    *(
        Mistake(
            "fixed-spread",
            "a fixed spread (1, 0.1, 0.01 …)",
            "Both layers have the same spread: it should depend on a layer's two sizes.",
            fresh(*2 * ((lambda i, o, s=s: s, NORMAL),)),
        )
        for s in (1.0, 0.1, 0.05, 0.02, 0.01, 0.001)
    ),
    Mistake(
        "one-spread",
        "the first layer's spread in both layers",
        "lout has the spread that belongs to l1: Xavier's rule looks at each layer's own two "
        "sizes.",
        one_spread,
    ),
    Mistake(
        "default-biases",
        "the biases are as PyTorch draws them",
        "The weights are right, the biases are as PyTorch made them.",
        biased,
    ),
    Mistake(
        "seed-inside",
        "a seed is fixed in the constructor",
        "Two networks are the same network: a seed is set when one is made.",
        seeded,
    ),
)


def right(call: Call) -> Values | None:
    told = forward(correct)(call) or fresh(None, None)(call)
    if "b1" in call.returns:
        told = (told or {}) | {
            "b1 spread": np.asarray(0.0),
            "narrow spread": np.asarray(1.0),
        }
    return told


TOLERANCE = {"out": 2e-4, "b1 spread": 0.05, "narrow spread": 0.05}
# eight standard errors of a spread, of tails four times that
for _layer, _noise in (
    ("l1", 0.02),
    ("lout", 0.07),
):
    TOLERANCE |= {
        f"{_layer} spread": _noise,
        f"{_layer} centre": 0.1,
        f"{_layer} tails": 4 * _noise,
    }
CATALOGUE = Catalogue(MISTAKES, right, read, TOLERANCE)
