"""interpolate: what the trained network does is computed here, from its weights and the lab's
images.

Any network in the form of `lazy_net` that interpolates, generalises and agrees with kernel
regression is accepted, however its weights were found: agreement on 2000 images is not to be had
without having understood something.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...checks.ask import Ask, array, at_least, at_most, number, require
from ...checks.base import Check
from .. import reference
from .mistakes import CATALOGUE

# the images are float32
check = Check(
    "interpolate",
    mistakes=CATALOGUE,
    short="interp.",
    trains=True,
    dtypes=("float32",),
    drawn=False,
)

PROBE = """
import torch
parts = {}
centred = int(hasattr(lazy_net, "net") and hasattr(lazy_net, "initial"))
for side in ("net", "initial"):
    inner = getattr(lazy_net, side) if centred else lazy_net
    for layer in ("l1", "lout"):
        for kind in ("weight", "bias"):
            value = getattr(getattr(inner, layer), kind).detach().float()
            if value.numel() > 784 * 4000:
                raise ValueError("the network is wider than 4000")
            parts[side, layer, kind] = value
net_w, net_b, net_a, net_c, initial_w, initial_b, initial_a, initial_c = parts.values()
"""
SIDES = ("net", "initial")
LEAST_WIDTH = 256
LOSS, TEST, AGREEMENT = 3e-3, 0.95, 0.96
# a fresh layer's spread is within this factor of Xavier's (PyTorch's own default is within 2.5)
SPREAD = 4.0
MOVED = 0.5  # of the first layer, in units of its length


def answer(ask: Ask) -> dict[str, Any]:
    """Weights of both networks and the outputs of their difference on the lab's images, asked
    once."""

    def make(rng: np.random.Generator) -> dict[str, Any]:
        back = ask.run(PROBE, ["centred", *(f"{side}_{part}" for side in SIDES for part in "wbac")])
        require(
            number(back["centred"], "centred") == 1,
            "lazy_net has no parts net and initial: it should be a Centered network.",
        )
        found: dict[str, Any] = {}
        first = array(back["net_w"], (None, 784), "the weight of lazy_net.net.l1")
        width = len(first)
        require(width >= LEAST_WIDTH, f"The network is only {width} wide: take the lab's width.")
        shapes = {"w": (width, 784), "b": (width,), "a": (1, width), "c": (1,)}
        for side in SIDES:
            weights = tuple(
                array(back[f"{side}_{k}"], s, f"{side}'s {k}") for k, s in shapes.items()
            )
            found[side] = weights
        train, _labels, test, _truth = reference.fashion()
        found["train"], found["test"] = (
            (reference.forward(found["net"], x) - reference.forward(found["initial"], x))[:, 0]
            for x in (train, test)
        )
        for outputs in (found["train"], found["test"]):
            require(np.isfinite(outputs).all(), "The network's outputs are not finite.")
        return found

    return ask.once("weights", make)


def test_labels(found: dict) -> np.ndarray:
    return reference.nearest_label(found["test"], 1, 3)


def share(right: np.ndarray) -> str:
    return f"{100 * np.mean(right):.1f} %"


@check.criterion("accuracy", 1, "Every one of the 200 training images is classified correctly.")
def accuracy(ask: Ask) -> None:
    found = answer(ask)
    zero = "lazy_net is zero on the training images: it is as it was before training."
    require(np.any(found["train"]), zero, found=found["train"], expected=reference.fashion()[1] / 9)
    right = reference.nearest_label(found["train"], 1, 3) == reference.fashion()[1]
    at_least(
        np.mean(right),
        1,
        f"{share(right)} of the training images are classified correctly, and all should be.",
    )


@check.criterion("loss", 0.5, "The loss on the training images is small.", "accuracy")
def loss(ask: Ask) -> None:
    found = answer(ask)
    value = np.mean((found["train"] - reference.fashion()[1] / 9) ** 2)
    at_most(
        value, LOSS, f"The loss on the training images is {value:.2g}, which is more than {LOSS:g}."
    )


@check.criterion(
    "test images", 0.5, "The network is nearly as good on the test images.", "accuracy"
)
def test_images(ask: Ask) -> None:
    right = test_labels(answer(ask)) == reference.fashion()[3]
    at_least(
        np.mean(right),
        TEST,
        f"{share(right)} of the test images are classified correctly, which is less than a lazy "
        "network reaches: is the learning rate small, and is the network centred?",
    )


@check.criterion(
    "kernel regime",
    0.5,
    "On the test images the network agrees with kernel regression.",
    "accuracy",
)
def kernel_regime(ask: Ask) -> None:
    same = test_labels(answer(ask)) == reference.kernel_predictions()
    at_least(
        np.mean(same),
        AGREEMENT,
        f"The network and kernel regression agree on {share(same)} of the test images only: it is "
        "not lazy.",
    )


@check.criterion(
    "start",
    0.5,
    "Training began at a fresh network, and the frozen copy still holds it.",
    "accuracy",
)
def start(ask: Ask) -> None:
    found = answer(ask)
    w, _, a, _ = found["initial"]
    for name, weight in (("l1", w), ("lout", a)):
        ratio = weight.std() / np.sqrt(2 / sum(weight.shape))
        at_most(
            np.abs(np.log(ratio)),
            np.log(SPREAD),
            f"lazy_net.initial is not a fresh network: look at its {name}.",
        )
    still = "The first layer did not move: both layers are to be trained."
    require(np.any(found["net"][0] != w), still, found=found["net"][0], expected=w)
    moved = np.linalg.norm(found["net"][0] - w) / np.linalg.norm(w)
    at_most(
        moved, MOVED, "The first layer moved far from where it began: a lazy network hardly moves."
    )
