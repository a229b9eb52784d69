"""predict for every kind of class pair, outputs far off and close to the threshold, batches of 1 to
300 images."""

from __future__ import annotations

import numpy as np

from ...checks.ask import array
from ...checks.compare import Missed, same
from ...door.student import Student
from .. import reference

PROBE = """
import torch
class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = torch.nn.Parameter(torch.ones(()))
    def forward(self, images):
        return images.flatten(1)[:, :1] * self.scale
missing = object()
before = {name: namespace.get(name, missing) for name in ("c1", "c2")}
namespace["c1"], namespace["c2"] = int(first), int(second)
pixels, net = torch.from_numpy(images.copy()), Net()
try:
    labels = predict(net, pixels)
    labels = torch.as_tensor(labels)
    whole = not labels.is_floating_point() and labels.dtype != torch.bool
    after = [int(namespace["c1"]), int(namespace["c2"]), float(net.scale)]
finally:
    for name, value in before.items():
        if value is missing:
            namespace.pop(name, None)
        else:
            namespace[name] = value
"""
ROUNDS = 30


def battery(student: Student, rng: np.random.Generator) -> None:
    for turn in range(ROUNDS):
        c1, c2 = sorted(int(c) for c in rng.choice(10, 2, replace=False))
        n = 1 if turn == 1 else int(rng.integers(1, 300))
        away = rng.uniform(1e-3, 2, n) * rng.choice([-1, 1], n) * (c2 - c1)
        away[:: max(1, turn % 4)] *= 30  # far off
        values = (((c1 + c2) / 2 + away) / 9).astype(np.float32)
        images = rng.uniform(-1, 1, (n, 1, 28, 28)).astype(np.float32)
        images[:, 0, 0, 0] = values
        back = student.run(
            PROBE, returns=["labels", "whole", "after"], images=images, first=c1, second=c2
        )
        expected = reference.nearest_label(values.astype(np.float64), c1, c2)
        same(
            array(back["labels"], (n,), "the prediction"),
            expected,
            0,
            f"predict for {n} images of {c1}, {c2}",
        )
        if back["whole"] is not True:
            raise Missed("predict: the labels are not whole numbers")
        if back["after"] != [c1, c2, 1.0]:
            raise Missed("predict: it changed c1, c2 or the network")
