"""Checkpoint of `empirical_ntk`: a product of two weights, whose gradients one sees on paper, and
what a measurement leaves behind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from . import CheckpointFailed


class _Product(nn.Module):
    """f(x) = b (w·x), and a weight that is not trained: at w = (1, 2), b = 3 its gradients are
    b x and w·x."""

    def __init__(self) -> None:
        super().__init__()
        self.w = nn.Parameter(torch.tensor([1.0, 2.0]))
        self.b = nn.Parameter(torch.tensor([3.0]))
        self.frozen = nn.Parameter(torch.tensor([1.0]), requires_grad=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return (self.frozen * self.b * (x @ self.w))[:, None]


X = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
EXPECTED = torch.tensor([[10.0, 2.0], [2.0, 13.0], [12.0, 15.0]])  # between X and its first two


def run(kernel: Callable[..., Any]) -> str:
    """`kernel`: the student's function of net, x (n, ...) and xprime (m, ...)."""
    net = _Product()
    _values(kernel, net)
    _left_alone(kernel, net)
    _a_batch_of_images(kernel)
    return (
        "empirical_ntk is right where it can be worked out by hand, takes images as well, and "
        "leaves the network as it was."
    )


def _values(kernel: Callable[..., Any], net: nn.Module) -> None:
    values = _matrix(kernel, net, X, X[:2])
    if not torch.allclose(values, EXPECTED.double(), atol=1e-3):
        raise CheckpointFailed(
            f"{EXPECTED.int().tolist()} for f(x) = b (w·x), w = (1, 2), b = 3, x = (1, 0), (0, 1), "
            "(1, 1) and x' = (1, 0), (0, 1)",
            [[round(value, 3) for value in row] for row in values.tolist()],
            "the gradient with respect to w and to b, one point at a time, and which parameters "
            "are trained",
        )


def _left_alone(kernel: Callable[..., Any], net: nn.Module) -> None:
    net.b.grad = torch.tensor([7.0])
    net.eval()
    kernel(net, X, X)
    if net.training:
        raise CheckpointFailed(
            "a network in the mode it was in", "training mode", "a call of net.train()"
        )
    if net.w.grad is not None or net.b.grad is None or net.b.grad != 7:
        raise CheckpointFailed(
            "every .grad as it was",
            "another one",
            "what .backward() and .zero_grad() do; torch.autograd.grad stores nothing",
        )
    if net.w.tolist() != [1, 2] or net.b != 3:
        raise CheckpointFailed("the weights as they were", "other weights", "a step in place")
    if net.frozen.requires_grad or not net.w.requires_grad:
        raise CheckpointFailed(
            "requires_grad as it was", "another one", "a measurement changes nothing"
        )


def _a_batch_of_images(kernel: Callable[..., Any]) -> None:
    net = nn.Sequential(nn.Conv2d(1, 2, 3), nn.Tanh(), nn.Flatten(), nn.Linear(18, 1))
    images = torch.linspace(-1, 1, 100).reshape(4, 1, 5, 5)
    values = _matrix(kernel, net, images, images)
    if not torch.allclose(values, values.T, rtol=1e-3, atol=1e-3):
        raise CheckpointFailed(
            "a symmetric matrix when x and x' are the same images",
            "another one",
            "the same features for both",
        )


def _matrix(
    kernel: Callable[..., Any], net: nn.Module, x: torch.Tensor, xprime: torch.Tensor
) -> torch.Tensor:
    values = kernel(net, x, xprime)
    shape = (len(x), len(xprime))
    found = tuple(values.shape) if torch.is_tensor(values) else type(values).__name__
    if found != shape:
        raise CheckpointFailed(
            f"a tensor of shape {shape} for inputs {tuple(x.shape)} and {tuple(xprime.shape)}",
            found,
            "one value for each pair of points",
        )
    if not bool(values.isfinite().all()):
        raise CheckpointFailed("finite numbers", "nan or inf", "a division by zero?")
    return values.detach().double()
