"""ntk_kernel on up to 40 points of 1 to 800 dimensions, lengths from 1e-3 to 1e3, both dtypes,
nearly parallel ones too."""

from __future__ import annotations

import numpy as np

from ...checks.ask import array
from ...checks.compare import Missed, kept
from ...door.student import Student
from .. import reference
from ..draw import log_uniform
from .check import ROUGH, VALUE

PROBE = """
import torch
x, xprime = torch.from_numpy(x.copy()), torch.from_numpy(xprime.copy())
k = ntk_kernel(x, x if same else xprime)
"""
ROUNDS = 24
NEAR = 0.985  # the cosine beyond which ROUGH is granted


def battery(student: Student, rng: np.random.Generator) -> None:
    for turn in range(ROUNDS):
        dtype = (np.float64, np.float32)[turn % 2]
        n, m, same = int(rng.integers(1, 13)), int(rng.integers(1, 41)), turn % 4 == 3
        if turn == 4:  # a single point, in every audit
            n = 1
        d = int(rng.choice([1, 2, 3, 10, 50, 784]))
        x, other = points(rng, n, d), points(rng, m, d)
        if turn % 3 == 0:  # some of them parallel, opposite, or close to one another
            other[: n // 2] = x[: len(other[: n // 2])] * rng.choice([-2.0, 0.5, 1.0])
            x = np.concatenate([x, x[:1] * (1 + 1e-4 * rng.standard_normal(d))])
        if turn % 4 == 1:  # as many points on either side, and other ones
            other = points(rng, len(x), d)
        x, other = x.astype(dtype), other.astype(dtype)
        back = student.run(PROBE, returns=["k", "x", "xprime"], x=x, xprime=other, same=same)
        other = x if same else other
        found = array(back["k"], (len(x), len(other)), "the kernel matrix")
        kept(back, {"x": x} if same else {"x": x, "xprime": other}, "ntk_kernel")
        compare(found, x.astype(np.float64), other.astype(np.float64))


def points(rng: np.random.Generator, n: int, d: int) -> np.ndarray:
    return rng.standard_normal((n, d)) / np.sqrt(d) * log_uniform(rng, 1e-3, 1e3, (n, 1))


def compare(found: np.ndarray, x: np.ndarray, other: np.ndarray) -> None:
    theta, v = reference.angles(x, other)
    off = np.abs(found - reference.relu_ntk(x, other)) / v
    granted = np.where(np.abs(np.cos(theta)) > NEAR, ROUGH, VALUE)
    if not np.all(off <= granted):
        worst = np.nanargmax(off / granted)
        raise Missed(
            f"ntk_kernel: off by {off.flat[worst]:.2g} |x||x'| at the angle {theta.flat[worst]:.3g}"
        )
