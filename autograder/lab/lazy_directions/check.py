"""lazy_directions: how far each eigen-coordinate of w moved.

The eigenvectors of repeated eigenvalues are anyone's choice, so coordinates are compared one by one
only where the eigenvalues are distinct (the rank(X) last ones); on the null space only what no
choice can change is asked.
"""

from __future__ import annotations

import numpy as np

from ...checks.ask import Ask, array, at_least, close, equal, near, require
from ...checks.base import Check
from .. import reference
from .mistakes import CATALOGUE

# NumPy: torch's default dtype does not matter
check = Check("lazy_directions", mistakes=CATALOGUE, short="lazy dir.", dtypes=("float32",))

PROBE = """
moved = lazy_directions(X.copy(), ws.copy())
"""
KEEPS = """
X, ws = X.copy(), ws.copy()
lazy_directions(X, ws)
"""
PARITY = 1e-6
STILL = 1e-8  # of the largest movement
P, N = 24, 6


def data(rng: np.random.Generator, p: int = P, n: int = N) -> np.ndarray:
    """X (p, n) of rank n with well separated singular values."""
    u = np.linalg.qr(rng.standard_normal((p, n)))[0]
    v = np.linalg.qr(rng.standard_normal((n, n)))[0]
    return (u * np.linspace(0.6, 2.4, n)) @ v.T


def moved(ask: Ask, x: np.ndarray, ws: np.ndarray) -> np.ndarray:
    found = array(ask.run(PROBE, ["moved"], X=x, ws=ws)["moved"], None, "the result")
    require(
        found.size == len(x), f"There should be one number for each of the {len(x)} coordinates."
    )
    return found.ravel()


def descent(ask: Ask) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """X, a path of gradient descent, and the student's movements along it, asked once."""

    def make(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        x = data(rng)
        ws = reference.gradient_descent(
            x, rng.standard_normal(N), 3 * rng.standard_normal(P), 0.1, 30
        )
        return x, ws, moved(ask, x, ws)

    return ask.once("descent", make)


@check.criterion(
    "moving", 1.25, "Along the directions of non-zero eigenvalues the movement is right."
)
def moving(ask: Ask) -> None:
    x, ws, found = descent(ask)
    expected = reference.lazy_directions(x, ws)[-N:]
    close(
        np.abs(found[-N:]),
        expected,
        PARITY,
        "The movements along the last eigenvectors (ascending order) are wrong.",
    )


@check.criterion("still", 0.75, "All other coordinates stay where they were.", "moving")
def still(ask: Ask) -> None:
    _, _, found = descent(ask)
    near(
        found[:-N],
        np.zeros(P - N),
        STILL,
        "Along the directions of eigenvalue zero gradient descent does not move, but the result "
        "says it does.",
        np.max(np.abs(found)),
    )


@check.criterion(
    "any path", 0.5, "It compares the last row with the first one, whatever lies between."
)
def any_path(ask: Ask) -> None:
    for rows in (9, 2):
        x, ws = data(ask.rng), ask.rng.standard_normal((rows, P))
        ws[0] *= 3
        found, expected = np.abs(moved(ask, x, ws)), reference.lazy_directions(x, ws)
        close(
            found[-N:],
            expected[-N:],
            PARITY,
            "For arbitrary rows ws the result is not about ws[-1] - ws[0].",
        )
        close(
            np.sum(found[:-N] ** 2),
            np.sum(expected[:-N] ** 2),
            PARITY,
            "The movements do not add up to the length of ws[-1] - ws[0]: are the eigenvectors "
            "the columns?",
        )


@check.criterion("form", 0.5, "The result is (p,) absolute values.", "moving")
def form(ask: Ask) -> None:
    x = data(ask.rng, 15, 4)
    ws = reference.gradient_descent(
        x, ask.rng.standard_normal(4), ask.rng.standard_normal(15), 0.1, 5
    )
    for end in (ws, ws[::-1]):
        found = array(
            ask.run(PROBE, ["moved"], X=x, ws=np.ascontiguousarray(end))["moved"],
            (15,),
            "the result",
        )
        at_least(found, 0, "Movements are absolute values; some of these are negative.")
    after = ask.aside(KEEPS, ["X", "ws"], X=x, ws=ws)
    for name, before in (("X", x), ("ws", ws)):
        found = array(after[name], before.shape, f"{name} after the call")
        equal(found, before, f"The call changed its argument {name}: work on a copy.")
