"""ntk_kernel: one property a criterion (docs: science). Valid for a clamp, atan2, or a factor
.99999 on the cosine.

All probes together ask for fewer than 2500 pairs, which a double loop over pairs answers in a
fraction of a second.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from ...checks.ask import Ask, array, at_least, close, equal, near, require
from ...checks.base import Check
from .. import reference
from . import picture as pictures
from .mistakes import CATALOGUE

check = Check("ntk_kernel", mistakes=CATALOGUE, short="kernel")

PROBE = """
import torch
x, xprime = torch.from_numpy(x.copy()), torch.from_numpy(xprime.copy())
k = ntk_kernel(x, xprime)
"""
SAME = """
import torch
x = torch.from_numpy(x.copy())
k = ntk_kernel(x, x)
"""
KEEPS = """
import torch
x, xprime = torch.from_numpy(x.copy()), torch.from_numpy(xprime.copy())
ntk_kernel(x, xprime)
"""
COSINES = (-0.97, -0.9, -0.5, -0.2, 0.3, 0.5, 0.9, 0.99)
VALUE = 5e-5  # times v. The factor .99999 errs by 2.1e-5, half precision by 2.5e-4
ROUGH = 2e-3  # times v, at the two ends, where the factor .99999 errs by 7e-4
PSD = 5e-3  # times the largest diagonal entry
WIDE = 65_536  # a network of this width is within 0.7 % of the limit
NEAR_WIDE = 0.05


def kernel(ask: Ask, x: np.ndarray, xprime: np.ndarray | None = None) -> np.ndarray:
    """The student's kernel matrix, checked for shape and finiteness. Without xprime, of x with
    itself."""
    if xprime is None:
        return array(ask.run(SAME, ["k"], x=x)["k"], (len(x), len(x)), "the kernel matrix")
    back = ask.run(PROBE, ["k"], x=x, xprime=xprime)
    return array(back["k"], (len(x), len(xprime)), "the kernel matrix")


def frame(rng: np.random.Generator, d: int) -> np.ndarray:
    """A random orthonormal basis of R^d, one vector a row."""
    return np.linalg.qr(rng.standard_normal((d, d)))[0]


def lengths(rng: np.random.Generator, n: int, unit: bool = False) -> np.ndarray:
    return np.ones((n, 1)) if unit else rng.uniform(0.5, 4, (n, 1))


def pairs(
    rng: np.random.Generator, cosines: tuple[float, ...], unit: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Rows x_i and x'_i that enclose arccos(cosines[i]), in random planes of R^6, of random or unit
    length."""
    x, other = [], []
    for u in cosines:
        first, second = frame(rng, 6)[:2]
        x.append(first)
        other.append(u * first + np.sqrt(1 - u * u) * second)
    n = len(cosines)
    return lengths(rng, n, unit) * np.stack(x), lengths(rng, n, unit) * np.stack(other)


def norms(x: np.ndarray, xprime: np.ndarray) -> np.ndarray:
    return np.linalg.norm(x, axis=1)[:, None] * np.linalg.norm(xprime, axis=1)[None]


def as_tangent_kernel(
    found: np.ndarray, x: np.ndarray, xprime: np.ndarray, tolerance: float, otherwise: str
) -> None:
    """Compare with the tangent kernel of the same inputs, in units of the product of the norms."""
    x, xprime = x.astype(np.float64), xprime.astype(np.float64)
    near(found, reference.relu_ntk(x, xprime), tolerance, otherwise, norms(x, xprime))


@check.criterion(
    "values", 1.25, "At many angles and lengths the values are those of the tangent kernel."
)
def values(ask: Ask) -> None:
    for unit in (False, True):
        for dtype in (np.float64, np.float32):
            x, other = (part.astype(dtype) for part in pairs(ask.rng, COSINES, unit))
            found = kernel(ask, x, other)
            where = "for inputs of norm one" if unit else "for inputs of several norms"
            as_tangent_kernel(
                found,
                x,
                other,
                VALUE,
                f"Some values are wrong {where}: compare each factor and each parenthesis with "
                "your derivation, both layers' parts and the norms included.",
            )


@check.criterion(
    "hexagon",
    1,
    "Its Gram matrices have no negative eigenvalue, on a regular hexagon nor elsewhere.",
    "values",
)
def hexagon(ask: Ask) -> None:
    turn = ask.rng.uniform(0, np.pi) + np.arange(6) * np.pi / 3
    corners = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    least = spectrum(kernel(ask, corners))
    drawn = ", ".join(f"{value:.2f}" for value in least)
    at_least(
        least,
        -PSD,
        f"On the corners of a regular hexagon the Gram matrix has the eigenvalues {drawn}: a "
        "kernel has no negative one.",
        lambda: pictures.hexagon(least),
    )
    for n, d in ((16, 3), (12, 8)):
        x = ask.rng.standard_normal((n, d))
        least = spectrum(kernel(ask, x))
        at_least(
            least,
            -PSD * np.max(np.sum(x * x, axis=1)),
            f"On {n} random points in {d} dimensions the Gram matrix has a negative eigenvalue: a "
            "kernel has none.",
        )


def spectrum(gram: np.ndarray) -> np.ndarray:
    """Ascending eigenvalues of the symmetric part. NaN when there are none to be had."""
    try:
        return np.linalg.eigvalsh((gram + gram.T) / 2)
    except np.linalg.LinAlgError:
        return np.full(len(gram), np.nan)


@check.criterion(
    "special angles", 0.5, "Equal, orthogonal and opposite inputs give what they should."
)
def special_angles(ask: Ask) -> None:
    base = frame(ask.rng, 5)
    x, other = lengths(ask.rng, 5) * base, lengths(ask.rng, 5) * base
    right = ~np.eye(5, dtype=bool)
    found, v = kernel(ask, x, other) / norms(x, other), 1 / (2 * np.pi)
    near(found[right], v, 1e-4, "The value for orthogonal inputs is wrong.")
    found = kernel(ask, x)
    square = np.sum(x * x, axis=1)
    near(
        np.diag(found),
        square,
        ROUGH,
        "k(x, x) is wrong: what is it for a network at angle 0?",
        scale=square,
    )
    found = np.diag(kernel(ask, x, -other) / norms(x, other))
    near(
        found,
        np.zeros(5),
        ROUGH,
        "k(x, -x) is wrong: which hidden units see both an input and its opposite?",
    )


@check.criterion("cusp", 0.5, "Near equal inputs the kernel falls off linearly in the angle.")
def cusp(ask: Ask) -> None:
    theta = ask.rng.uniform(0.06, 0.2, 6)
    x, other = pairs(ask.rng, tuple(np.cos(theta)), unit=False)
    found, exact = kernel(ask, x, other), reference.relu_ntk(x, other)
    drop, expected = (np.diag(1 - k / norms(x, other)) for k in (found, exact))
    near(
        drop,
        expected,
        NEAR_WIDE,
        "Close to equal inputs the kernel does not fall off as it should with the angle between "
        "them.",
        scale=expected,
    )


@cache
def wide_network(d: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng([d, WIDE])
    return rng.standard_normal((WIDE, d)), rng.standard_normal(WIDE)


@check.criterion("wide network", 0.5, "It agrees with the tangent kernel of a very wide network.")
def wide(ask: Ask) -> None:
    x = lengths(ask.rng, 8) * ask.rng.standard_normal((8, 10))
    found = kernel(ask, x)
    expected = reference.network_ntk(x, *wide_network(10))
    far = np.linalg.norm(found - expected) / np.linalg.norm(expected)
    require(
        far <= NEAR_WIDE,
        f"Compared with the gradients of a network of width {WIDE:,} the kernel is "
        f"{100 * far:.0f} % off: a layer's part is missing or wrong.".replace(",", " ", 1),
        found=found,
        expected=expected,
    )


@check.criterion(
    "scaling",
    0.25,
    "Longer inputs scale it by their lengths, rotated inputs leave it as it is.",
    "values",
)
def scaling(ask: Ask) -> None:
    x, other = ask.rng.standard_normal((5, 7)), ask.rng.standard_normal((4, 7))
    a, b = ask.rng.uniform(0.1, 9, 2)
    plain, v = kernel(ask, x, other), norms(x, other)
    scaled = kernel(ask, a * x, b * other) / (a * b)
    near(
        scaled,
        plain,
        1e-5,
        "k(ax, bx') is not ab k(x, x'): is something added that has no length?",
        v,
    )
    small = kernel(ask, 0.03 * x, 0.03 * other) / 0.03**2
    near(
        small,
        plain,
        1e-5,
        "For short inputs k(ax, bx') is not ab k(x, x'): is something added that has no length?",
        v,
    )
    turn = frame(ask.rng, 7)
    turned = kernel(ask, x @ turn, other @ turn)
    near(turned, plain, 1e-4, "The kernel changes when all inputs are turned.", v)


@check.criterion("symmetry", 0.25, "x and x' are treated alike.", "values")
def symmetry(ask: Ask) -> None:
    x, other = ask.rng.standard_normal((6, 4)), ask.rng.standard_normal((5, 4))
    here, there, gram = kernel(ask, x, other), kernel(ask, other, x), kernel(ask, x)
    close(there.T, here, 1e-5, "k(x, x') and k(x', x) differ: are x and x' treated alike?")
    close(gram.T, gram, 1e-5, "The Gram matrix is not symmetric: are x and x' treated alike?")


@check.criterion(
    "shapes", 0.25, "n inputs and m inputs give a matrix (n, m), also when n or m is one.", "values"
)
def shapes(ask: Ask) -> None:
    for n, m, d in ((3, 5, 8), (1, 4, 3), (4, 1, 3), (1, 1, 2), (2, 3, 1)):
        x, other = (ask.rng.standard_normal((rows, d)).astype(np.float32) for rows in (n, m))
        as_tangent_kernel(
            kernel(ask, x, other),
            x,
            other,
            ROUGH,
            f"The values for n = {n}, m = {m} are not the ones for the same inputs one by one.",
        )


@check.criterion(
    "parallel inputs", 0.25, "Parallel inputs in float32 give finite, right values.", "values"
)
def parallel(ask: Ask) -> None:
    rows = ask.rng.standard_normal((12, 300))
    x = np.concatenate([rows, rows * ask.rng.uniform(0.3, 3, (12, 1)), -rows, rows[:1]]).astype(
        np.float32
    )
    as_tangent_kernel(
        kernel(ask, x), x, x, ROUGH, "The values for parallel inputs in float32 are wrong."
    )


@check.criterion("inputs kept", 0.25, "The inputs are as they were after the call.", "values")
def inputs_kept(ask: Ask) -> None:
    for dtype in (np.float32, np.float64):
        x, other = (ask.rng.standard_normal((rows, 6)).astype(dtype) for rows in (4, 3))
        back = ask.run(KEEPS, ["x", "xprime"], x=x, xprime=other)
        for name, before in (("x", x), ("xprime", other)):
            after = array(back[name], before.shape, f"{name} after the call")
            equal(after, before, f"The call changed its argument {name}: work on a copy.")
