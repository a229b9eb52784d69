"""rich_net: what the trained network does is computed here, from its weights, on the training
points, which are drawn here once more, and on fresh ones.

Any α (f - f₀) of two-layer networks that fits the training points, solves the task and began at
random weights is accepted, however it was trained.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...checks.ask import Ask, Missed, array, at_least, at_most, number, require
from ...checks.base import Check
from .mistakes import CATALOGUE
from .task import INPUTS, INSIDE, Pair, accuracy, own_kernel, share, train_points

# the points are float32
check = Check("rich_net", mistakes=CATALOGUE, short="rich", trains=True, dtypes=("float32",))

PROBE = """
import torch
scaled = int(all(hasattr(rich_net, name) for name in ("net", "initial", "alpha")))
parts = []
for side in ("net", "initial"):
    inner = getattr(rich_net, side) if scaled else rich_net
    for name in ("w", "a"):
        value = getattr(inner, name).detach()
        if value.numel() > 30 * 8192:
            raise ValueError("the network is wider than 8192")
        parts.append(value)
net_w, net_a, initial_w, initial_a = parts
alpha = float(rich_net.alpha) if scaled else 1.0
"""
LEAST_WIDTH = 256
# 1e-3, and what single precision may add to it
LOSS = 1.01e-3
TEST, SHARE, KERNEL = 0.93, 0.5, 0.97
FRESH = 2000
# of random weights: the 512 of the last layer have a standard error of 3 %
SPREAD = 1.4
# of the first layer, in units of its length; weights that are independent of the start go 1.4
MOVE = 1.2


def fresh_points(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """x (2000, 30), y (2000,) of the task."""
    signs = rng.choice([-1.0, 1.0], (FRESH, INPUTS))
    return signs / np.sqrt(INPUTS), signs[:, 0] * signs[:, 1]


def answer(ask: Ask) -> Pair:
    """The weights of rich_net, asked once."""

    def make(rng: np.random.Generator) -> Pair:
        back = ask.run(PROBE, ["scaled", "net_w", "net_a", "initial_w", "initial_a", "alpha"])
        require(
            number(back["scaled"], "scaled") == 1,
            "rich_net has no parts net, initial and alpha: it should be a Scaled network.",
        )
        width = len(array(back["net_w"], (None, INPUTS), "the weight w of rich_net.net"))
        require(
            width >= LEAST_WIDTH, f"The network is only {width} wide: take the width asked for."
        )
        shapes = {"net_w": (width, INPUTS), "net_a": (width,)}
        shapes |= {"initial_w": (width, INPUTS), "initial_a": (width,)}
        found: dict[str, Any] = {k: array(back[k], s, f"the weight {k}") for k, s in shapes.items()}
        pair = Pair(**found, alpha=float(number(back["alpha"], "alpha")))
        require(np.isfinite(pair(train_points()[0])).all(), "The outputs are not finite.")
        return pair

    return ask.once("weights", make)


def percent(value: float) -> str:
    return f"{100 * value:.1f} %"


@check.criterion("loss", 0.75, "The loss on the training points is small.")
def loss(ask: Ask) -> None:
    x, y = train_points()
    found = np.mean((answer(ask)(x) - y) ** 2)
    at_most(
        found, LOSS, f"The loss on the training points is {found:.2g}, which is not small enough."
    )


@check.criterion("accuracy", 0.75, "Points that it has never seen are classified correctly.")
def test_accuracy(ask: Ask) -> None:
    found = accuracy(answer(ask), *fresh_points(ask.rng))
    at_least(
        found,
        TEST,
        f"{percent(found)} of 2000 fresh points are classified correctly: that is not what a rich "
        "network reaches.",
    )


@check.criterion(
    "features", 0.5, "The hidden units look at the two inputs that matter.", "accuracy"
)
def features(ask: Ask) -> None:
    found = share(answer(ask))
    at_least(
        found,
        SHARE,
        f"The inputs that the label depends on have {percent(found)} of the weights: the features "
        "have hardly changed.",
    )


@check.criterion("own kernel", 0.5, "Regression with its own kernel solves the task.", "accuracy")
def kernel(ask: Ask) -> None:
    try:
        found = own_kernel(answer(ask), *fresh_points(ask.rng))
    except np.linalg.LinAlgError:
        raise Missed("The network's own kernel is singular on the training points.") from None
    at_least(
        found,
        KERNEL,
        f"Kernel regression with the trained network's own kernel reaches {percent(found)} on "
        "fresh points: the kernel has not moved enough.",
    )


@check.criterion(
    "start", 0.5, "Training began at random weights, which initial still holds.", "loss"
)
def start(ask: Ask) -> None:
    pair = answer(ask)
    for name, weight in (("w", pair.initial_w), ("a", pair.initial_a)):
        spread = np.sqrt(np.mean(weight**2))
        at_most(
            np.abs(np.log(spread)),
            np.log(SPREAD),
            f"rich_net.initial is not a fresh network: look at its {name}.",
        )
    at_most(
        share(pair, "initial"),
        INSIDE,
        "rich_net.initial is not a fresh network: its weights know already what matters.",
    )
    for name, now, then in (
        ("w", pair.net_w, pair.initial_w),
        ("a", pair.net_a, pair.initial_a),
    ):
        require(
            np.any(now != then),
            f"The weight {name} did not move: both layers are to be trained.",
            found=now,
            expected=then,
        )
    at_most(
        pair.move, MOVE, "The weights have nothing to do with initial: did training begin there?"
    )
