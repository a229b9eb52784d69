"""Mistakes in training the lazy network. Nothing can be computed here, so each is known by a mark
in the weights."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...checks.mistakes import Call, Catalogue, Mistake, Values, numbers
from .. import reference
from ..reference import Weights

PARTS = "wbac"


def networks(call: Call) -> tuple[Weights, Weights] | None:
    """The trained network and its start, or None when they are not two networks of one hidden
    layer."""
    found = numbers(call)
    try:
        net, start = (_weights(found, side) for side in ("net", "initial"))
    except KeyError:
        return None
    wide = len(net[0]) if net[0].ndim == 2 else 0
    shapes = ((wide, 784), (wide,), (1, wide), (1,))
    fits = wide and all(
        part.shape == shape
        for side in (net, start)
        for part, shape in zip(side, shapes, strict=True)
    )
    return (net, start) if fits and all(np.isfinite(part).all() for part in net + start) else None


def _weights(found: Values, side: str) -> Weights:
    w, b, a, c = (found[f"{side}_{part}"] for part in PARTS)
    return w, b, a, c


def mark(accept: Callable[[Weights, Weights], Any]) -> Callable[[Call], bool]:
    def answer(call: Call) -> bool:
        pair = networks(call)
        return pair is not None and bool(accept(*pair))

    return answer


def same(net: Weights, start: Weights) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(net, start, strict=True))


def outputs(net: Weights, start: Weights | None = None) -> np.ndarray:
    """On the training images, of the network or of its difference to the start: (n,)."""
    x = reference.fashion()[0]
    out = reference.forward(net, x)[:, 0]
    return out if start is None else out - reference.forward(start, x)[:, 0]


def means(out: np.ndarray) -> tuple[float, float]:
    """The mean output of each of the two classes."""
    labels = reference.fashion()[1]
    return out[labels == 1].mean(), out[labels == 3].mean()


def move(net: Weights, start: Weights) -> float:
    """How far the output weights moved, in units of where they began."""
    return float(np.linalg.norm(net[2] - start[2]) / np.linalg.norm(start[2]))


def not_centred(call: Call) -> bool:
    centred = numbers(call).get("centred")
    return centred is not None and np.array_equal(centred, 0)


def targets(low: float, high: float) -> Callable[[Call], bool]:
    """The outputs of the two classes are near the targets of another scale."""

    def accept(net: Weights, start: Weights) -> bool:
        found = means(outputs(net, start))
        return max(abs(found[0] - low), abs(found[1] - high)) < 0.2 * (high - low)

    return mark(accept)


def inner_trained(net: Weights, start: Weights) -> bool:
    """The inner network fits the targets by itself; what is left of it after centring does not."""
    goal = reference.fashion()[1] / 9
    alone, centred = (np.mean((out - goal) ** 2) for out in (outputs(net), outputs(net, start)))
    return bool(alone < 3e-3 and centred > 10 * alone)


def unfinished(net: Weights, start: Weights) -> bool:
    """On the right way with small steps, but not there yet."""
    goal, out = reference.fashion()[1] / 9, outputs(net, start)
    low, high = means(out)
    return bool(
        0 < move(net, start) < 0.1
        and 1e-3 < np.mean((out - goal) ** 2) < 0.9 * np.mean(goal**2)
        and 0 < high - low < 2 / 9
    )


def one_for_all(net: Weights, start: Weights) -> bool:
    """Every image gets nearly the target of one and the same class."""
    found = means(outputs(net, start))
    return min(max(abs(mean - goal) for mean in found) for goal in (1 / 9, 3 / 9)) < 0.05


def on_darker_images(net: Weights, start: Weights) -> bool:
    """On images between 0 and 1 the network does what it should do on the lab's own."""
    x, labels = reference.fashion()[:2]
    darker = x / 2 + 0.5
    out = (reference.forward(net, darker) - reference.forward(start, darker))[:, 0]
    return bool(np.mean((out - labels / 9) ** 2) < 3e-3)


def equal_rows(weight: np.ndarray) -> bool:
    return len(weight) > 1 and bool(np.all(weight == weight[0]))


MISTAKES = (
    Mistake(
        "not-centred",
        "lazy_net is a plain network, without Centered",
        "lazy_net is not a Centered network: its output at the start is not zero.",
        not_centred,
    ),
    Mistake(
        "centred-after-training",
        "centred after the training: what was learnt is subtracted",
        "The network was trained first and centred afterwards: what it learnt is subtracted again.",
        mark(lambda net, start: same(net, start) and (np.any(start[1]) or np.any(start[3]))),
    ),
    Mistake(
        "not-trained",
        "lazy_net is not trained",
        "The network and its frozen start are the same: was it trained?",
        mark(lambda net, start: same(net, start) and not np.any(start[1]) and not np.any(start[3])),
    ),
    Mistake(
        "too-narrow",
        "the default width of 10 (or some other small one)",
        "The network has few hidden units: which width does the exercise name?",
        mark(lambda net, start: len(net[0]) < 256),
    ),
    Mistake(
        "start-erased",
        "the frozen start is zero",
        "The frozen start is zero: it was changed after it was made.",
        mark(lambda net, start: not any(map(np.any, start))),
    ),
    Mistake(
        "inner-network-trained",
        "lazy_net.net was trained instead of lazy_net",
        "The inner network fits the targets, and lazy_net, from which the start is subtracted, "
        "does not: which of the two has to be trained?",
        mark(inner_trained),
    ),
    Mistake(
        "large-step",
        "the large learning rate: the network leaves the lazy regime",
        "The output weights moved by more than their own length: the steps are too large for a "
        "lazy network.",
        mark(lambda net, start: move(net, start) > 0.5),
    ),
    Mistake(
        "labels-not-scaled",
        "the labels themselves are the targets",
        "The outputs come close to the labels themselves; the targets should be scaled.",
        targets(1, 3),
    ),
    Mistake(
        "zero-one-targets",
        "targets 0 and 1",
        "The outputs come close to 0 and 1, which are not the targets.",
        targets(0, 1),
    ),
    Mistake(
        "last-layer-only",
        "only the last layer is trained",
        "Some of the network's parameters were left out of the training.",
        mark(
            lambda net, start: (
                np.array_equal(net[0], start[0]) and not np.array_equal(net[2], start[2])
            )
        ),
    ),
    Mistake(
        "labels-minus-two",
        "targets of -1/9 and 1/9",
        "The outputs lie on both sides of zero: which numbers are the two targets?",
        targets(-1 / 9, 1 / 9),
    ),
    Mistake(
        "frozen-copy-trained",
        "the frozen copy is trained instead of the network",
        "The frozen copy was trained, and the network was not.",
        mark(lambda net, start: np.any(start[1]) and not np.any(net[1])),
    ),
    Mistake(
        "equal-units",
        "all hidden units begin with the same weights",
        "All hidden units began with the same weights, and so they stay alike: how does a fresh "
        "network draw them?",
        mark(lambda net, start: equal_rows(start[0])),
    ),
    Mistake(
        "classes-exchanged",
        "trained towards the other class",
        "Each class gets outputs near the other one's target: do the labels belong to the images?",
        mark(lambda net, start: np.subtract(*means(outputs(net, start))) > 0.02),
    ),
    Mistake(
        "one-class-only",
        "every image gets the target of one class",
        "Every image gets about the same output, the target of one class: does the training see "
        "both?",
        mark(one_for_all),
    ),
    Mistake(
        "inputs-not-normalised",
        "trained on images that are not normalised as the lab's are",
        "On images between 0 and 1 the network does well: which images does the lab work with?",
        mark(on_darker_images),
    ),
    Mistake(
        "too-short",
        "too few passes, or steps that are too small",
        "The network is on its way and the steps are small, but it has not arrived: train for "
        "longer, or compare passes and learning rate.",
        mark(unfinished),
    ),
)

CATALOGUE = Catalogue(MISTAKES, lambda call: None)
