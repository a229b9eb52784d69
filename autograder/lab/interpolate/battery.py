"""interpolate, by what the network achieves on images that its check never looks at."""

from __future__ import annotations

import numpy as np

from ...checks.ask import array
from ...checks.compare import Missed
from ...checks.measures import Panel
from ...door.student import Student
from .. import reference
from ..images import left_aside
from .check import AGREEMENT, LOSS, MOVED, TEST

WEIGHTS = """
import torch
parts = [getattr(getattr(getattr(lazy_net, side), layer), kind).detach().float()
         for side in ("net", "initial") for layer in ("l1", "lout") for kind in ("weight", "bias")]
p0, p1, p2, p3, p4, p5, p6, p7 = parts
kinds = [type(lazy_net).__name__, all(bool(torch.isfinite(p).all()) for p in parts)]
"""
PANELS = (
    Panel(
        "loss",
        "loss on the 200 training images",
        LOSS,
        "log",
        {1e-4: "1e-4", 3e-4: "3e-4", 1e-3: "1e-3", 3e-3: "3e-3"},
    ),
    Panel("test", "accuracy on the test images", TEST),
    Panel("agreement", "agreement with kernel regression", AGREEMENT),
)


def warm() -> None:
    """Compute once what every marking needs."""
    reference.kernel_predictions()
    left_aside()


def lazy_weights(student: Student) -> tuple[reference.Weights, reference.Weights]:
    """The weights (W, b, a, c) of lazy_net's trained network and of its beginning."""
    back = student.run(WEIGHTS, returns=[f"p{i}" for i in range(8)])
    w, b, a, c, w0, b0, a0, c0 = (array(back[f"p{i}"], None, "a weight") for i in range(8))
    return (w, b, a, c), (w0, b0, a0, c0)


def measures(student: Student, aside: bool = False) -> dict[str, float]:
    """loss on the lab's 200 images; accuracy and agreement on the 2000 test images and, if asked
    for, on those left aside; how far the first layer moved."""
    net, initial = lazy_weights(student)
    x, labels, test, truth = reference.fashion()
    found = {"moved": float(np.linalg.norm(net[0] - initial[0]) / np.linalg.norm(initial[0]))}

    def outputs(points: np.ndarray) -> np.ndarray:
        return (reference.forward(net, points) - reference.forward(initial, points))[:, 0]

    on_train = outputs(x)
    found["train"] = float(np.mean(reference.nearest_label(on_train, 1, 3) == labels))
    found["loss"] = float(np.mean((on_train - labels / 9) ** 2))
    sets = [("", test, truth, reference.kernel_predictions())]
    if aside:
        _, rows, known, kernel = left_aside()
        sets.append((" aside", rows, known, kernel))
    for name, points, known, kernel in sets:
        predicted = reference.nearest_label(outputs(points), 1, 3)
        found[f"test{name}"] = float(np.mean(predicted == known))
        found[f"agreement{name}"] = float(np.mean(predicted == kernel))
    return found


def battery(student: Student, rng: np.random.Generator) -> None:
    found = measures(student, aside=True)
    for name, holds in (
        ("train", found["train"] == 1),
        ("loss", found["loss"] <= LOSS),
        ("test aside", found["test aside"] >= TEST),
        ("agreement aside", found["agreement aside"] >= AGREEMENT),
        ("moved", 0 < found["moved"] <= MOVED),
    ):
        if not holds:
            raise Missed(f"interpolate, {name}: {found[name]:.3g}")
