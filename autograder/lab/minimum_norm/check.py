"""minimum_norm: the solution of Xᵀw = Y to which gradient descent from w0 converges, the nearest
one to w0."""

from __future__ import annotations

import numpy as np

from ...checks.ask import Ask, array, close, equal, require
from ...checks.base import Check
from .. import reference
from ..gradient_descent.check import problem
from .mistakes import CATALOGUE

# NumPy: torch's default dtype does not matter
check = Check("minimum_norm", mistakes=CATALOGUE, short="min.norm", dtypes=("float32",))

PROBE = """
X, Y, w0 = X.copy(), Y.copy(), w0.copy()
w = minimum_norm(X, Y, w0)
"""
PARITY = 1e-8  # single precision is 1e-7 off
SIZES = ((14, 5), (40, 12))


def solution(ask: Ask, p: dict) -> np.ndarray:
    found = array(ask.run(PROBE, ["w"], **p)["w"], None, "the result")
    require(found.size == len(p["X"]), f"The result should hold {len(p['X'])} weights.")
    return found.ravel()


@check.criterion("parity", 1.25, "The result is the limit of gradient descent from w0.")
def parity(ask: Ask) -> None:
    for size in SIZES:
        p = problem(ask.rng, *size)
        found = solution(ask, p)
        close(
            found,
            reference.minimum_norm(**lower(p)),
            PARITY,
            "The result is not where gradient descent from w0 ends.",
        )


def lower(p: dict) -> dict:
    return {"x": p["X"], "y": p["Y"], "w0": p["w0"]}


@check.criterion("interpolates", 0.5, "Xᵀw = Y.")
def interpolates(ask: Ask) -> None:
    p = problem(ask.rng)
    found = solution(ask, p)
    close(
        p["X"].T @ found,
        p["Y"],
        PARITY,
        "The result does not interpolate: Xᵀw should be equal to Y.",
    )


@check.criterion("closest to w0", 0.5, "No interpolator is closer to w0.", "interpolates")
def closest(ask: Ask) -> None:
    p = problem(ask.rng)
    move = solution(ask, p) - p["w0"]
    inside = p["X"] @ np.linalg.solve(p["X"].T @ p["X"], p["X"].T @ move)
    close(
        move,
        inside,
        PARITY,
        "w - w0 leaves the span of X's columns, in which gradient descent moves.",
    )


@check.criterion("from zero", 0.5, "From w0 = 0 it is the solution of least norm.")
def from_zero(ask: Ask) -> None:
    p = problem(ask.rng, 20, 7) | {"w0": np.zeros(20)}
    close(
        solution(ask, p),
        reference.minimum_norm(**lower(p)),
        PARITY,
        "From w0 = 0 the solution of least norm is due.",
    )


@check.criterion(
    "form", 0.25, "The result is (p,), and the arguments are left as they were.", "interpolates"
)
def form(ask: Ask) -> None:
    p = problem(ask.rng)
    back = ask.run(PROBE, ["w", "X", "Y", "w0"], **p)
    array(back["w"], (14,), "the result")
    for name, before in p.items():
        after = array(back[name], before.shape, f"{name} after the call")
        equal(after, before, f"The call changed its argument {name}: work on a copy.")
