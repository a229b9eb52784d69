"""Mistakes in training the rich network. Nothing can be computed here, so each is known by a mark
in the weights."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...checks.mistakes import Call, Catalogue, Mistake, Values, numbers
from .task import INPUTS, INSIDE, Pair, share, train_points


def pair_of(call: Call) -> Pair | None:
    """The answer's weights; None when they are not those of two networks of one width."""
    found = numbers(call)
    try:
        w, a, w0, a0 = (found[name] for name in ("net_w", "net_a", "initial_w", "initial_a"))
        alpha = float(found["alpha"])
    except (KeyError, TypeError):
        return None
    wide = (len(w),) if w.ndim == 2 else (0,)
    fits = all(part.shape == (*wide, INPUTS) for part in (w, w0))
    fits = fits and all(part.shape == wide for part in (a, a0)) and wide[0] > 0
    finite = fits and all(np.isfinite(part).all() for part in (w, a, w0, a0))
    return Pair(w, a, w0, a0, alpha) if finite else None


def mark(accept: Callable[[Pair], Any]) -> Callable[[Call], bool]:
    def answer(call: Call) -> bool:
        pair = pair_of(call)
        return pair is not None and bool(accept(pair))

    return answer


def still(pair: Pair) -> bool:
    return np.array_equal(pair.net_w, pair.initial_w) and np.array_equal(pair.net_a, pair.initial_a)


def loss(pair: Pair, low: float = -1, high: float = 1) -> float:
    """The mean squared error for the targets low and high of the two classes."""
    x, y = train_points()
    return float(np.mean((pair(x) - (low + (high - low) * (y + 1) / 2)) ** 2))


def inner(pair: Pair) -> float:
    """The loss of the network alone, not centred and not scaled."""
    zeros = np.zeros_like
    return loss(Pair(pair.net_w, pair.net_a, zeros(pair.initial_w), zeros(pair.initial_a), 1.0))


def agreement(pair: Pair) -> float:
    """The correlation of the outputs with the labels; zero where all outputs are the same."""
    x, y = train_points()
    out = pair(x) - pair(x).mean()
    size = np.linalg.norm(out) * np.linalg.norm(y - y.mean())
    return float(out @ y / size) if size else 0.0


def not_scaled(call: Call) -> bool:
    scaled = numbers(call).get("scaled")
    return scaled is not None and np.array_equal(scaled, 0)


def diverged(call: Call) -> bool:
    found = numbers(call).get("net_w")
    return found is not None and not bool(np.isfinite(found).all())


MISTAKES = (
    Mistake(
        "not-scaled",
        "rich_net is a plain network, without Scaled",
        "rich_net is a plain network: what turns the dial?",
        not_scaled,
    ),
    Mistake(
        "diverged",
        "the learning rate is too large: the weights are not finite",
        "The weights are not finite any more: how near to the limit of stability is the step?",
        diverged,
    ),
    Mistake(
        "too-narrow",
        "a narrow network",
        "The network has few hidden units: which width does the exercise name?",
        mark(lambda pair: len(pair.net_a) < 256),
    ),
    Mistake(
        "centred-after-training",
        "made a Scaled network after the training",
        "initial holds weights that are trained already: what was learnt is subtracted again.",
        mark(lambda pair: still(pair) and share(pair, "initial") > INSIDE),
    ),
    Mistake(
        "not-trained",
        "rich_net is not trained",
        "The network and its start are the same: was it trained?",
        mark(still),
    ),
    Mistake(
        "initial-trained",
        "initial is trained as well, or instead",
        "initial has been trained: it should stay what it was.",
        mark(
            lambda pair: (
                np.any(pair.initial_w) and share(pair, "initial") > INSIDE and not still(pair)
            )
        ),
    ),
    Mistake(
        "start-erased",
        "initial is zero",
        "initial is zero: it was changed after it was made.",
        mark(lambda pair: not np.any(pair.initial_w) or not np.any(pair.initial_a)),
    ),
    Mistake(
        "one-layer-only",
        "one of the two layers is not trained",
        "One of the two layers did not move: was it left out of the training?",
        mark(
            lambda pair: (
                np.array_equal(pair.net_w, pair.initial_w)
                != np.array_equal(pair.net_a, pair.initial_a)
            )
        ),
    ),
    Mistake(
        "inner-network-trained",
        "rich_net.net was trained instead of rich_net",
        "The inner network fits the labels, and rich_net does not: which of the two has to be "
        "trained?",
        mark(lambda pair: inner(pair) < 0.05 < loss(pair)),
    ),
    Mistake(
        "lazy",
        "a large α: the network fits the points and stays lazy",
        "The network fits the points and has hardly moved: it is lazy.",
        mark(lambda pair: loss(pair) < 0.05 and 0 < pair.move < 0.25),
    ),
    Mistake(
        "lr-not-scaled",
        "the learning rate is not scaled by 1/α²",
        "The network has hardly begun to move: what stands in the limit of stability besides the "
        "largest eigenvalue?",
        mark(lambda pair: 0 < pair.move < 0.1 and loss(pair) > 0.5 and agreement(pair) > 0.3),
    ),
    Mistake(
        "zero-one-targets",
        "targets 0 and 1",
        "The outputs come close to 0 and 1, which are not the labels.",
        mark(lambda pair: loss(pair, 0, 1) < 0.05),
    ),
    Mistake(
        "labels-exchanged",
        "trained towards the opposite labels",
        "The outputs have the opposite signs of the labels.",
        mark(lambda pair: loss(pair, 1, -1) < 0.5),
    ),
    Mistake(
        "one-label",
        "every point gets the same label",
        "All points get nearly the same output.",
        mark(
            lambda pair: (
                pair.move > 0 and np.std(pair(train_points()[0])) < 0.02 and agreement(pair) < 0.3
            )
        ),
    ),
    Mistake(
        "too-short",
        "training ends too early",
        "The network is on its way and has not arrived: does training end too early?",
        mark(
            lambda pair: (
                0.1 <= pair.move < 1.2 and 1.01e-3 < loss(pair) < 0.9 and 0.2 < pair.alpha * 20 < 5
            )
        ),
    ),
)


def read(call: Call) -> Values:
    return {name: value for name, value in numbers(call).items() if np.isfinite(value).all()}


CATALOGUE = Catalogue(MISTAKES, lambda call: None, read)
