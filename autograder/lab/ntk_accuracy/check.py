"""test_ntk_accuracy: kernel regression with the student's kernel on the lab's images, solved here.

Accuracy is nearly blind to mistakes in the kernel, so it counts only if the Gram matrix is near the
true one. The bound is 6.5 % (Frobenius): the kernel with a misplaced parenthesis is 4.6 % off and
keeps these points (it loses its own in `ntk_kernel`), the linear kernel is 8.7 % off, half the
kernel 44 % or more, zeros 100 %.
"""

from __future__ import annotations

import numpy as np

from ...checks.ask import Ask, Missed, array, at_least, at_most, require
from ...checks.base import Check
from .. import reference
from .mistakes import CATALOGUE

# nothing in it is drawn: a seed needs no second setting
check = Check(
    "test_ntk_accuracy",
    mistakes=CATALOGUE,
    answered_by="ntk_kernel",
    short="accuracy",
    in_turn=True,
    drawn=False,
)

PROBE = """
import torch
def rows(images):
    pixels = torch.from_numpy(images.copy()).flatten(1).float()
    return pixels.div_(255).sub_(0.5).div_(0.5)
block = ntk_kernel(rows(some), rows(others))
"""
NEAR = 0.065
TEST = 0.96
# test images a probe: a double loop over 250 × 200 pairs needs some 3 s, far below the limit
SLICE = 250


def blocks(ask: Ask) -> tuple[np.ndarray, np.ndarray]:
    """The student's Gram matrix (200, 200) and cross matrix (2000, 200), asked once, in slices."""

    def make(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        from ntk_helpers.data import fashion_pair_arrays

        train, test = (
            fashion_pair_arrays(200, (1, 3))[0],
            fashion_pair_arrays(2000, (1, 3), split="test")[0],
        )
        found = []
        for some in (train, *(test[i : i + SLICE] for i in range(0, len(test), SLICE))):
            back = ask.run(PROBE, ["block"], some=some, others=train)
            found.append(array(back["block"], (len(some), len(train)), "the kernel matrix"))
        return found[0], np.concatenate(found[1:])

    return ask.once("blocks", make)


def outputs(ask: Ask, which: int) -> np.ndarray:
    gram, cross = blocks(ask)
    try:
        out = reference.regression(gram, (gram, cross)[which], reference.fashion()[1])
    except np.linalg.LinAlgError:
        raise Missed(
            "The Gram matrix of the 200 training images is singular: the regression has no "
            "solution."
        ) from None
    require(np.isfinite(out).all(), "The regression with this kernel does not give finite numbers.")
    return reference.nearest_label(out, 1, 3)


def off(found: np.ndarray, expected: np.ndarray) -> float:
    return float(np.linalg.norm(found - expected) / np.linalg.norm(expected))


@check.criterion("matrices", 0.5, "On the images the kernel is near the tangent kernel.")
def matrices(ask: Ask) -> None:
    gram, cross = blocks(ask)
    train, _, test, _ = reference.fashion()
    far = max(
        off(gram, reference.relu_ntk(train, train)), off(cross, reference.relu_ntk(test, train))
    )
    at_most(
        far,
        NEAR,
        "On the images the kernel is far from the tangent kernel: begin with the tests above.",
    )


@check.criterion(
    "training images",
    0.5,
    "Kernel regression classifies all training images correctly.",
    "matrices",
)
def training_images(ask: Ask) -> None:
    right = outputs(ask, 0) == reference.fashion()[1]
    at_least(
        right.mean(),
        1,
        f"Kernel regression classifies {100 * right.mean():.1f} % of the training images "
        "correctly.",
    )


@check.criterion(
    "test images", 1, "Kernel regression classifies at least 96 % of the test images.", "matrices"
)
def test_images(ask: Ask) -> None:
    right = outputs(ask, 1) == reference.fashion()[3]
    at_least(
        right.mean(),
        TEST,
        f"Kernel regression classifies {100 * right.mean():.1f} % of the test images correctly.",
    )
