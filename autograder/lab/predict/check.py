"""predict: the nearest of two labels, tried on a made-up network whose output stands in the image's
first pixel."""

from __future__ import annotations

import numpy as np

from ...checks.ask import Ask, Missed, array, equal, require
from ...checks.base import Check
from ...door.student import Data
from .. import reference
from .mistakes import CATALOGUE

check = Check("predict", mistakes=CATALOGUE)

PROBE = """
import torch
class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        # so that outputs carry gradients, as a real network's do
        self.one = torch.nn.Parameter(torch.ones(1))
    def forward(self, images):
        return self.one * images.flatten(1)[:, :1]
MISSING = object()
before = {name: namespace.get(name, MISSING) for name in ("c1", "c2")}
namespace["c1"], namespace["c2"] = int(first), int(second)
try:
    labels = predict(Net(), torch.from_numpy(images.copy()))
finally:
    for name, value in before.items():
        if value is MISSING:
            namespace.pop(name, None)
        else:
            namespace[name] = value
"""


def outputs(rng: np.random.Generator, c1: int, c2: int, n: int = 120) -> np.ndarray:
    """Unbalanced outputs (n,): a quarter below the threshold, some near it, some beyond both
    labels. The middle of the smallest and the largest is not the threshold."""
    away = rng.uniform(0.02, 1.3, n) * (c2 - c1) * np.where(np.arange(n) < n // 4, -1, 1)
    away[:2] = [-1.4 * (c2 - c1), -0.03]
    away[-2:] = [1.7 * (c2 - c1), 0.03]
    return rng.permuted((c1 + c2) / 2 + away) / 9


def predicted(ask: Ask, values: np.ndarray, c1: int, c2: int) -> Data:
    images = np.full((len(values), 1, 28, 28), 0.3, dtype=np.float32)
    images[:, 0, 0, 0] = values
    return ask.run(PROBE, ["labels"], images=images, first=c1, second=c2)["labels"]


def lab(ask: Ask) -> tuple[np.ndarray, Data]:
    """Outputs for the lab's classes (1, 3) and the predictions for them, asked once."""

    def make(rng: np.random.Generator) -> tuple[np.ndarray, Data]:
        values = outputs(rng, 1, 3)
        return values, predicted(ask, values, 1, 3)

    return ask.once("lab", make)


def compare(back: Data, values: np.ndarray, c1: int, c2: int) -> None:
    found = array(back, None, "the prediction").ravel()
    expected = reference.nearest_label(values, c1, c2)
    require(found.size == len(values), "There should be one label for each image.")
    require(
        set(found.tolist()) <= {c1, c2},
        "Some predictions are neither c1 nor c2.",
        found=found,
        expected=expected,
    )
    wrong = int(np.sum(found != expected))
    equal(
        found,
        expected,
        f"{wrong} of {len(values)} outputs got the label that is farther away: where is the "
        "threshold?",
    )


@check.criterion("threshold", 1, "Each output gets the nearer of the two labels.")
def threshold(ask: Ask) -> None:
    values, back = lab(ask)
    compare(back, values, 1, 3)


@check.criterion(
    "other classes", 0.5, "It follows c1 and c2 as they are when it is called.", "threshold"
)
def other_classes(ask: Ask) -> None:
    for c1, c2 in ((0, 7), (4, 9)):
        values = outputs(ask.rng, c1, c2)
        try:
            compare(predicted(ask, values, c1, c2), values, c1, c2)
        except Missed as error:
            told = f"With other classes than the lab's: {str(error)[:1].lower()}{str(error)[1:]}"
            raise Missed(told, found=error.found, expected=error.expected) from error


@check.criterion("form", 0.25, "The labels are whole numbers in the shape (N,).", "threshold")
def form(ask: Ask) -> None:
    values, back = lab(ask)
    whole(back, len(values))


@check.criterion(
    "one image", 0.25, "A batch of one image gives one label, in the shape (1,).", "threshold"
)
def one_image(ask: Ask) -> None:
    back = predicted(ask, np.array([3 / 9]), 1, 3)
    require(
        np.ndim(array(back, None, "the prediction")) == 1, "For one image the shape should be (1,)."
    )
    equal(array(back, (1,), "the prediction"), [3], "The label of a single image is wrong.")


def whole(back: Data, n: int) -> None:
    found = array(back, (n,), "the prediction")
    integers = isinstance(back, np.ndarray) and back.dtype.kind in "iu"
    integers = integers or (isinstance(back, list) and all(type(label) is int for label in back))
    require(integers and found.ndim == 1, "The labels should be integers, as the dataset's are.")
