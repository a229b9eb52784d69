"""Gram matrices: of any kernel function, tile by tile, and of a finite network's own gradients."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

import torch
from torch import Tensor, nn

Kernel = Callable[[Tensor, Tensor], Tensor]


class OneHiddenLayer(Protocol):
    """A network with two linear layers, as the lab's MLPshallow has them."""

    l1: nn.Linear
    lout: nn.Linear


@torch.no_grad()
def gram(
    kernel: Kernel,
    x: Tensor,
    xprime: Tensor | None = None,
    *,
    tile: int = 512,
    progress: bool = False,
) -> Tensor:
    """The matrix of `kernel` between the rows of `x` and those of `xprime`, computed tile by tile.

    Args:
        kernel: maps (a, d) and (b, d) to (a, b); a tile at a time, so that its temporaries stay in
            cache.
        x: (n, d).
        xprime: (m, d). None means `x` itself: then only the tiles on and below the diagonal are
            computed, and mirrored.
        tile: rows and columns of a tile.
        progress: show a bar, one step a tile.

    Returns:
        (n, m), in the dtype of the first tile. Beyond it, memory is needed for one tile only.

    Raises:
        ValueError: `x` or `xprime` is not a matrix, or the kernel returns a tile of another shape.
    """
    symmetric = xprime is None
    xprime = x if xprime is None else xprime
    if x.ndim != 2 or xprime.ndim != 2:
        raise ValueError(
            f"gram expects matrices (n, d) and (m, d), got {tuple(x.shape)}, {tuple(xprime.shape)}."
        )
    if tile < 1:
        raise ValueError(f"gram expects a tile of at least one row, got {tile}.")
    corners = [
        (i, j)
        for i in range(0, len(x), tile)
        for j in range(0, i + 1 if symmetric else len(xprime), tile)
    ]
    result = None
    for i, j in _bar(corners, progress):
        rows, columns = slice(i, i + tile), slice(j, j + tile)
        block = _tile(kernel, x[rows], xprime[columns])
        if result is None:
            result = block.new_empty(len(x), len(xprime))
        result[rows, columns] = block
        if symmetric and j < i:
            result[columns, rows] = block.T
    return x.new_empty(len(x), len(xprime)) if result is None else result


def _tile(kernel: Kernel, x: Tensor, xprime: Tensor) -> Tensor:
    block = torch.as_tensor(kernel(x, xprime))
    if block.shape != (len(x), len(xprime)):
        raise ValueError(
            f"The kernel should return the shape {(len(x), len(xprime))} here, it returned "
            f"{tuple(block.shape)}."
        )
    return block


def _bar(items: list, progress: bool) -> Iterable:
    if not progress:
        return items
    from tqdm.auto import tqdm

    return tqdm(items, desc="Gram matrix", unit="tile")


def regression(K: Tensor, y: Tensor, cross: Tensor) -> Tensor:
    """Kernel regression without a ridge, cross · K⁻¹ y, through a Cholesky factor of K.

    Args:
        K: (n, n), the Gram matrix of the training points, positive definite.
        y: (n,), their targets, in the dtype of K.
        cross: (N, n), the kernel between N new points and the training points.

    Returns:
        (N,), the outputs on the new points.

    Raises:
        torch.linalg.LinAlgError: K is not positive definite.
    """
    return cross @ torch.cholesky_solve(y[:, None], torch.linalg.cholesky(K))[:, 0]


@torch.no_grad()
def network_ntk(net: OneHiddenLayer, images: Tensor) -> Tensor:
    """The inner products of a network's own gradients, df(x)/dweights · df(x')/dweights, biases
    included.

    Args:
        net: one hidden ReLU layer, with linear layers `l1` and `lout`, one output.
        images: (n, ...), flattened here.

    Returns:
        (n, n) float64: the tangent kernel of this very network, at its present weights.
    """
    x = images.flatten(1).double()
    before = x @ net.l1.weight.double().T + net.l1.bias.double()
    gate = (before > 0).double() * net.lout.weight.double()
    hidden = before.clamp(min=0)
    return (x @ x.T + 1) * (gate @ gate.T) + hidden @ hidden.T + 1


@torch.no_grad()
def random_ntk(x: Tensor, width: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """First-layer and last-layer part of the tangent kernel of a random net of this width, without
    biases.

    The net is f(x) = width^(-1/2) Σ_r a_r relu(w_r·x), with a_r, w_r drawn from N(0, 1).

    Args:
        x: (n, d) float64.

    Returns:
        Two matrices (n, n): the part due to the w_r, and the part due to the a_r.
    """
    w = torch.randn(width, x.shape[1], generator=generator, dtype=x.dtype)
    a = torch.randn(width, generator=generator, dtype=x.dtype)
    before = x @ w.T
    gate, hidden = (before > 0) * a, before.clamp(min=0)
    return (x @ x.T) * (gate @ gate.T) / width, hidden @ hidden.T / width
