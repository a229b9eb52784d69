"""Checkpoint of `ntk_kernel`: shape, four angles whose value is known without a formula, scaling,
rounding."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch

from . import CheckpointFailed


def run(kernel: Callable[..., Any]) -> str:
    """`kernel`: the student's function of (n, d) and (m, d)."""
    x = torch.tensor([[3.0, 0.0, 4.0], [0.0, 2.0, 0.0], [-3.0, 0.0, -4.0]], dtype=torch.float64)
    values = _matrix(kernel, x[:2], x)
    for at, expected, what in (
        ((0, 0), 25.0, "k(x, x) for |x| = 5, which is |x|²"),
        (
            (0, 1),
            10 / (2 * math.pi),
            "k(x, x') for orthogonal x, x' with |x| = 5, |x'| = 2, which is |x||x'|/2π",
        ),
        ((0, 2), 0.0, "k(x, -x) for |x| = 5: no hidden unit is active for both"),
    ):
        if not abs(values[at] - expected) < 25 * 2e-3:
            raise CheckpointFailed(f"{expected:.3f} as {what}", f"{values[at]:.3f}", _hint(at))
    generator = torch.Generator().manual_seed(0)
    y = torch.randn(4, 6, generator=generator, dtype=torch.float64)
    square = _matrix(kernel, y, y)
    room = 2e-3 * square.abs().max()  # float32 and small factors before arccos are welcome
    if (square - square.T).abs().max() > room:
        raise CheckpointFailed(
            "a symmetric matrix k(y, y)", "another one", "did you swap x and x' somewhere?"
        )
    if (_matrix(kernel, 2 * y, 3 * y) - 6 * square).abs().max() > 6 * room:
        raise CheckpointFailed(
            "k(2x, 3x') = 6 k(x, x')", "something else", "the norms |x| and |x'|"
        )
    parallel = torch.linspace(0.1, 2, 60)[:, None] * torch.randn(1, 784, generator=generator)
    if not bool(_matrix(kernel, parallel, parallel).isfinite().all()):
        raise CheckpointFailed(
            "finite values for parallel float32 inputs",
            "nan or inf",
            "a cosine that rounds to a bit more than 1",
        )
    return (
        "ntk_kernel has the right shape, the right values at 0°, 90° and 180°, scales well "
        "and survives rounding."
    )


def _matrix(kernel: Callable[..., Any], x: torch.Tensor, xprime: torch.Tensor) -> torch.Tensor:
    values = kernel(x, xprime)
    if not torch.is_tensor(values) or tuple(values.shape) != (len(x), len(xprime)):
        raise CheckpointFailed(
            f"a tensor of shape {(len(x), len(xprime))} for inputs {tuple(x.shape)} and "
            f"{tuple(xprime.shape)}",
            tuple(values.shape) if torch.is_tensor(values) else type(values).__name__,
            "rows of x against rows of x': one value for each pair",
        )
    return values.detach().double()


def _hint(at: tuple[int, int]) -> str:
    if at == (0, 0):
        return "u = 1: each of the two parts is |x|²/2 there"
    if at == (0, 1):
        return "u = 0: the first layer's part vanishes, the last layer's does not"
    return "u = -1: both parts vanish there"
