"""predicted_loss: the loss of gradient descent from f = 0, for fresh K, y and learning rates, below
the limit of stability and above it."""

from __future__ import annotations

import numpy as np

from ...checks.ask import Ask, array, close, equal, near, require
from ...checks.base import Check
from ...door.student import Data
from .. import reference
from ..draw import orthonormal
from .mistakes import CATALOGUE

# K and y come in float64, whatever torch's default is
check = Check("predicted_loss", mistakes=CATALOGUE, short="pred.loss")

PROBE = """
import torch
K, y = torch.from_numpy(K.copy()), torch.from_numpy(y.copy())
losses = predicted_loss(K, y, lr, int(T))
if isinstance(losses, (list, tuple)):
    losses = torch.stack([torch.as_tensor(value, dtype=torch.float64) for value in losses])
"""
# single precision is 1e-7 off at best, and more as t grows
PARITY = 1e-8
# below this share of the first loss roundings decide, when one step after the other is taken
FLOOR = 1e-6
OFF = "The losses are not those of gradient descent with this K, y and learning rate."


def gram(rng: np.random.Generator, n: int, rank: int, top: float = 1.0) -> np.ndarray:
    """A positive semi-definite matrix (n, n) of this rank whose largest eigenvalue is `top`."""
    vectors = orthonormal(rng, n, rank)
    values = top * rng.uniform(0.9, 1.1, rank) * np.geomspace(1e-2, 1, rank)
    values[-1] = top
    k = (vectors * values) @ vectors.T
    return (k + k.T) / 2


def losses(ask: Ask, k: np.ndarray, y: np.ndarray, part: float, steps: int) -> np.ndarray:
    """Ask for the losses at this part of the limit of stability, and compare each of them with
    what is right."""
    lr = float(part * len(y) / np.linalg.eigvalsh(k)[-1])
    back: Data = ask.run(PROBE, ["losses"], K=k, y=y, lr=lr, T=steps)["losses"]
    found = array(back, (steps + 1,), "the result")
    expected = reference.predicted_loss(k, y, lr, steps)
    if steps:
        differ = "All losses are the same: does the error shrink from step to step?"
        require(np.any(found != found[0]), differ, found=found, expected=expected)
    near(found, expected, PARITY, OFF, expected + FLOOR * expected[0])
    return found


@check.criterion("value", 1.25, "The losses agree, for several K, y, learning rates and T.")
def value(ask: Ask) -> None:
    for n, part, steps in ((7, 0.5, 12), (23, 0.9, 60), (12, 0.2, 300)):
        y = ask.rng.standard_normal(n) if n != 23 else ask.rng.choice([-1.0, 1.0], n)
        losses(ask, gram(ask.rng, n, n, ask.rng.uniform(2, 9)), y, part, steps)


@check.criterion("above the limit", 0.75, "Above the limit of stability the loss grows as it does.")
def above_the_limit(ask: Ask) -> None:
    for n, part in ((9, 1.05), (14, 1.6)):
        losses(ask, gram(ask.rng, n, n, 3.0), ask.rng.standard_normal(n), part, 40)


@check.criterion("singular", 0.5, "A K of lower rank leaves an error that stays.")
def singular(ask: Ask) -> None:
    for n, rank in ((15, 6), (8, 1)):
        losses(ask, gram(ask.rng, n, rank, 2.0), ask.rng.standard_normal(n), 0.7, 50)


@check.criterion("ends", 0.25, "T steps give T + 1 losses, also for T = 0 and T = 1.", "value")
def ends(ask: Ask) -> None:
    for steps in (0, 1):
        k, y = gram(ask.rng, 6, 6), ask.rng.standard_normal(6)
        found = losses(ask, k, y, 0.5, steps)
        close(found[0], np.mean(y**2), PARITY, "The first loss is the one before any step.")


@check.criterion("arguments", 0.25, "K and y are as they were after the call.", "value")
def arguments(ask: Ask) -> None:
    before = {"K": gram(ask.rng, 6, 6), "y": ask.rng.standard_normal(6)}
    back = ask.run(PROBE, ["K", "y"], **before, lr=0.1, T=4)
    for name, given in before.items():
        after = array(back[name], given.shape, f"{name} after the call")
        equal(after, given, f"The call changed its argument {name}: work on a copy.")
