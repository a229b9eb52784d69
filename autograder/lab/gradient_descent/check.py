"""gradient_descent: parity of the iterates w ← w - η X(Xᵀw - Y)."""

from __future__ import annotations

import numpy as np

from ...checks.ask import Ask, array, close, equal, require
from ...checks.base import Check
from ...door.student import Data
from .. import reference
from .mistakes import CATALOGUE

# NumPy: torch's default dtype does not matter
check = Check("gradient_descent", mistakes=CATALOGUE, short="grad.desc.", dtypes=("float32",))

PROBE = """
X, Y, w0 = X.copy(), Y.copy(), w0.copy()
ws = gradient_descent(X, Y, w0, eta, int(T))
"""
PARITY = 1e-8  # single precision is 1e-7 off


def problem(rng: np.random.Generator, p: int = 14, n: int = 5) -> dict[str, np.ndarray]:
    """X (p, n) with singular values between .5 and 3, Y (n,), w0 (p,)."""
    u = np.linalg.qr(rng.standard_normal((p, n)))[0]
    v = np.linalg.qr(rng.standard_normal((n, n)))[0]
    x = (u * rng.uniform(0.8, 1.2) * np.linspace(0.5, 2.5, n)) @ v.T
    return {"X": x, "Y": rng.standard_normal(n), "w0": rng.standard_normal(p)}


def iterates(ask: Ask, p: dict, eta: float, steps: int, shape: tuple | None) -> np.ndarray:
    back: Data = ask.run(PROBE, ["ws"], **p, eta=eta, T=steps)["ws"]
    return array(back, shape, "the result")


def path_of(p: dict, eta: float, steps: int) -> np.ndarray:
    return reference.gradient_descent(p["X"], p["Y"], p["w0"], eta, steps)


def rows(found: np.ndarray, p: int) -> np.ndarray:
    """The result as rows of p numbers, whatever its shape is; the criterion `shape` asks for
    that."""
    require(found.size and found.size % p == 0, "Each row of the result should hold p numbers.")
    return found.reshape(-1, p)


@check.criterion("one step", 1, "The first step is right, for several η.")
def one_step(ask: Ask) -> None:
    for eta in (0.03, 0.11):
        p = problem(ask.rng)
        found = rows(iterates(ask, p, eta, 1, None), 14)[-1]
        expected = path_of(p, eta, 1)[1]
        close(found, expected, PARITY, "The first step is not w0 - η X(Xᵀw0 - Y).")


@check.criterion("path", 1, "All iterates are right.")
def path(ask: Ask) -> None:
    for p_, n, eta, steps in ((14, 5, 0.08, 40), (30, 8, 0.05, 7), (14, 5, 0.1, 3000)):
        p = problem(ask.rng, p_, n)
        found = iterates(ask, p, eta, steps, (steps + 1, p_))
        expected = path_of(p, eta, steps)
        require(
            np.any(found[1:] != found[:1]),
            "All rows are the same: is one array stored T times, or never changed?",
            found=found,
            expected=expected,
        )
        close(
            found,
            expected,
            PARITY,
            "The iterates leave the right path: does each step begin at the last iterate?",
        )


@check.criterion("start", 0.25, "Row 0 is w0.", "one step")
def start(ask: Ask) -> None:
    p = problem(ask.rng)
    found = rows(iterates(ask, p, 0.05, 3, None), 14)[0]
    close(found, p["w0"], PARITY, "Row 0 of the result should be w0, before any step.")


@check.criterion(
    "loss decreases", 0.25, "Every step makes the loss smaller when η is small enough.", "one step"
)
def loss_decreases(ask: Ask) -> None:
    p = problem(ask.rng)
    found = rows(iterates(ask, p, 0.1, 15, None), 14)
    losses = np.sum((found @ p["X"] - p["Y"]) ** 2, axis=1)
    require(
        len(losses) > 1 and np.all(np.diff(losses) < 0),
        "The loss does not decrease from each row to the next.",
        found=losses,
        expected=np.sum((path_of(p, 0.1, 15) @ p["X"] - p["Y"]) ** 2, axis=1),
    )


@check.criterion("shape", 0.25, "T steps give the shape (T + 1, p), also for T = 0.", "one step")
def shape(ask: Ask) -> None:
    for steps in (3, 0):
        iterates(ask, problem(ask.rng), 0.05, steps, (steps + 1, 14))


@check.criterion("inputs kept", 0.25, "X, Y and w0 are as they were after the call.", "one step")
def inputs_kept(ask: Ask) -> None:
    p = problem(ask.rng)
    back = ask.run(PROBE, ["X", "Y", "w0"], **p, eta=0.05, T=4)
    for name, before in p.items():
        after = array(back[name], before.shape, f"{name} after the call")
        equal(after, before, f"The call changed its argument {name}: work on a copy.")
