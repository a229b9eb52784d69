"""What the second lab starts from: the barest network, and a task that only two of thirty inputs
know the answer to."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class TwoLayer(nn.Module):
    """One hidden ReLU layer without biases, f(x) = width^(-1/2) Σ_r a_r relu(w_r·x).

    Every weight starts as a standard Gaussian; the factor in front keeps the output's size the
    same at every width ("NTK parameterisation").

    Parameters of the module:
        w: (width, inputs), the weights into the hidden units.
        a: (width,), the weights out of them.

    Args:
        width: number of hidden units.
        inputs: number of input coordinates.
        generator: where the weights are drawn from, first w, then a; None means torch's own.
    """

    def __init__(
        self, width: int, inputs: int = 30, generator: torch.Generator | None = None
    ) -> None:
        super().__init__()
        self.w = nn.Parameter(torch.randn(width, inputs, generator=generator))
        self.a = nn.Parameter(torch.randn(width, generator=generator))

    def forward(self, x: Tensor) -> Tensor:
        """Inputs (N, inputs) -> outputs (N, 1)."""
        hidden = (x @ self.w.T).relu()
        return (hidden @ self.a)[:, None] / len(self.a) ** 0.5


def parity(n: int, generator: torch.Generator, inputs: int = 30) -> tuple[Tensor, Tensor]:
    """Draw n points of the task: are the signs of the first two coordinates the same?

    Returns:
        x (n, inputs) float32, each coordinate 1/√inputs or -1/√inputs with equal chance, so that
        rows have norm 1; y (n,) float32, the sign of x₁x₂. The other coordinates say nothing.
    """
    signs = 2.0 * torch.randint(2, (n, inputs), generator=generator) - 1
    return signs / inputs**0.5, signs[:, 0] * signs[:, 1]
