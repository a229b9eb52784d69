"""gen_bound: the value of √(2 yᵀH⁻¹y / n) for fresh H and y, also when H is ill-conditioned."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...checks.ask import Ask, array, close, equal, number, require
from ...checks.base import Check
from ...door.student import Data
from .. import reference
from .mistakes import CATALOGUE

check = Check("gen_bound", mistakes=CATALOGUE, short="bound")

PROBE = """
import torch
bound = gen_bound(torch.from_numpy(H.copy()), torch.from_numpy(y.copy()))
"""
KEEPS = """
import torch
H, y = torch.from_numpy(H.copy()), torch.from_numpy(y.copy())
gen_bound(H, y)
"""
PARITY = 1e-6
# for a well-conditioned H: single precision always passes there, never the ill-conditioned one
ROUGH = 1e-5


def gram(rng: np.random.Generator, n: int, condition: float) -> np.ndarray:
    """A symmetric positive definite matrix (n, n) whose eigenvalues go from 1/condition to 1, times
    a number."""
    base = np.linalg.qr(rng.standard_normal((n, n)))[0]
    h = (base * np.geomspace(1 / condition, 1, n)) @ base.T * rng.uniform(0.5, 2)
    return (h + h.T) / 2


def bound(ask: Ask, h: np.ndarray, y: np.ndarray) -> Data:
    return ask.run(PROBE, ["bound"], H=h, y=y)["bound"]


@check.criterion("quadratic form", 1, "The bound grows as the root of yᵀH⁻¹y.")
def quadratic_form(ask: Ask) -> None:
    n, each = 23, []
    for scale in (1, 1, 3):
        h, y = gram(ask.rng, n, 20), scale * ask.rng.standard_normal(n)
        each.append(number(bound(ask, h, y), "the bound") / reference.gen_bound(h, y))
    ratios = np.array(each)
    require(np.all(ratios > 0), "The bound is not positive.", found=ratios, expected=np.ones(3))
    close(
        ratios,
        np.full(3, ratios[0]),
        ROUGH,
        "The bound does not depend on H and y as the root of yᵀH⁻¹y does.",
    )


@check.criterion("value", 1, "The values agree for several n, H and y.")
def value(ask: Ask) -> None:
    for n in (8, 31, 150):
        h = gram(ask.rng, n, 20)
        for y in (ask.rng.standard_normal(n), ask.rng.choice([-1.0, 1.0], n)):
            found, expected = number(bound(ask, h, y), "the bound"), reference.gen_bound(h, y)
            close(
                found,
                expected,
                ROUGH,
                "The value is wrong: compare the factors under the root with the theorem.",
            )


@check.criterion("ill-conditioned", 0.75, "The value is exact for an ill-conditioned H too.")
def ill_conditioned(ask: Ask) -> None:
    h, y = gram(ask.rng, 12, 20), ask.rng.standard_normal(12)
    easy = number(ask.aside(PROBE, ["bound"], H=h, y=y)["bound"], "the bound")
    close(
        easy,
        reference.gen_bound(h, y),
        ROUGH,
        "For a well-conditioned H the value is wrong already.",
    )
    for n in (12, 40):
        h, y = gram(ask.rng, n, 1e6), ask.rng.standard_normal(n)
        found = number(bound(ask, h, y), "the bound for an ill-conditioned H")
        lost = (
            "For an ill-conditioned H (condition number 1e6) digits are lost: keep float64, "
            "add nothing to H."
        )
        close(found, reference.gen_bound(h, y), PARITY, lost)


@check.criterion("number", 0.25, "One number comes back.", "value")
def one_number(ask: Ask) -> None:
    back: Any = bound(ask, gram(ask.rng, 5, 5), np.ones(5))
    number(back, "the bound")
    require(np.ndim(back) == 0, "The bound should be a number, not an array that holds one.")
    before = {"H": gram(ask.rng, 6, 5), "y": ask.rng.standard_normal(6)}
    after = ask.aside(KEEPS, ["H", "y"], **before)
    for name, value in before.items():
        found = array(after[name], value.shape, f"{name} after the call")
        equal(
            found,
            value,
            f"The call changed its argument {name}: the next bound needs it as it was.",
        )
