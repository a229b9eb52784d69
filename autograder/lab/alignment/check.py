"""alignment: the value of yᵀKy / (|y|² ‖K‖_F) for fresh K and y of any size."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...checks.ask import Ask, array, close, equal, number, require
from ...checks.base import Check
from ...door.student import Data
from .. import reference
from ..draw import orthonormal
from .mistakes import CATALOGUE

check = Check("alignment", mistakes=CATALOGUE, short="alignment")

PROBE = """
import torch
K, y = torch.from_numpy(K.copy()), torch.from_numpy(y.copy())
aligned = alignment(K, y)
"""
# single precision is good to 1e-7 n
PARITY = 1e-5


def gram(rng: np.random.Generator, n: int, y: np.ndarray, part: float) -> np.ndarray:
    """A positive definite matrix (n, n) of which a part is yyᵀ, so that the two are aligned more or
    less."""
    base = orthonormal(rng, n, n)
    k = (base * rng.uniform(0.2, 3, n)) @ base.T
    return part * np.outer(y, y) / (y @ y) + (1 - part) * (k + k.T) / 2


def aligned(ask: Ask, k: np.ndarray, y: np.ndarray) -> Data:
    return ask.run(PROBE, ["aligned"], K=k, y=y)["aligned"]


def compare(ask: Ask, k: np.ndarray, y: np.ndarray, otherwise: str) -> None:
    found = number(aligned(ask, k, y), "the alignment")
    close(found, reference.alignment(k, y), PARITY, otherwise)


@check.criterion("value", 1, "For labels of ±1 the values agree, for several K.")
def value(ask: Ask) -> None:
    for n, part in ((6, 0.1), (25, 0.5), (40, 0.9)):
        y = ask.rng.choice([-1.0, 1.0], n)
        y[:2] = 1, -1  # both classes are there, and not in equal numbers
        y[2:5] = 1
        compare(ask, gram(ask.rng, n, y, part), y, "The value is wrong: look at the norms.")


@check.criterion("sizes", 0.5, "Neither the size of K nor that of y matters.", "value")
def sizes(ask: Ask) -> None:
    for scale, by in ((1e-2, 30.0), (50.0, 0.1)):
        y = by * (ask.rng.standard_normal(17) + 0.3)
        k = scale * gram(ask.rng, 17, y, 0.4)
        compare(ask, k, y, "For K or y of another size the value is wrong.")
    y = ask.rng.choice([-1.0, 1.0], 12).astype(np.float32)
    k = gram(ask.rng, 12, y, 0.3).astype(np.float32)
    compare(ask, k, y, "In single precision the value is wrong.")


@check.criterion("number", 0.25, "One number comes back.", "value")
def one_number(ask: Ask) -> None:
    y = ask.rng.standard_normal(7)
    back: Any = aligned(ask, gram(ask.rng, 7, y, 0.5), y)
    number(back, "the alignment")
    require(np.ndim(back) == 0, "The alignment should be a number, not an array that holds one.")


@check.criterion("arguments", 0.25, "K and y are as they were after the call.", "value")
def arguments(ask: Ask) -> None:
    y = ask.rng.standard_normal(8)
    before = {"K": gram(ask.rng, 8, y, 0.2), "y": y}
    back = ask.run(PROBE, ["K", "y"], **before)
    for name, given in before.items():
        after = array(back[name], given.shape, f"{name} after the call")
        equal(after, given, f"The call changed its argument {name}: work on a copy.")
