"""Checkpoint of `predicted_loss`: one point, two points that do not see each other, and a step that
is too large."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch

from . import CheckpointFailed


def run(predicted: Callable[..., Any]) -> str:
    """`predicted`: the student's function of K (n, n), y (n,), lr and T."""
    one = torch.ones(1, 1, dtype=torch.float64)
    _ask(
        predicted,
        (one, one[0], 0.25, 3),
        [1, 0.25, 0.0625, 0.015625],
        "one point, K = 1, y = 1, lr = 0.25: each step halves the error",
        "the loss is the square of the error; the first entry is the loss before any step",
    )
    two = torch.diag(torch.tensor([2.0, 1.0], dtype=torch.float64))
    y = torch.tensor([1.0, 3.0], dtype=torch.float64)
    _ask(
        predicted,
        (two, y, 0.5, 2),
        [5, 1.125, 0.28125],
        "K = diag(2, 1), y = (1, 3), lr = 0.5: a step takes the first error to nothing, the second "
        "to a half",
        "where n enters: once in the step, once in the mean; and which eigenvalue belongs to which "
        "part of y",
    )
    mixed = torch.full((2, 2), 0.5, dtype=torch.float64)
    _ask(
        predicted,
        (mixed, y, 1.0, 2),
        [5, 1, 1],
        "K = [[0.5, 0.5], [0.5, 0.5]], y = (1, 3), lr = 1: the mean of y is learned at once, the "
        "rest never",
        "coordinates of y along the eigenvectors: they are the columns of what eigh returns",
    )
    _ask(
        predicted,
        (one, one[0], 1.5, 2),
        [1, 4, 16],
        "one point, K = 1, y = 1, lr = 1.5: each step doubles the error",
        "a factor below -1 is to be kept as it is",
    )
    return (
        "predicted_loss is right for one point and for two, starts with the loss before the first "
        "step, and grows when the steps are too large."
    )


def _ask(
    predicted: Callable[..., Any],
    question: tuple[Any, ...],
    expected: Sequence[float],
    what: str,
    hint: str,
) -> None:
    losses = predicted(*question)
    found = tuple(losses.shape) if torch.is_tensor(losses) else type(losses).__name__
    if found != (len(expected),):
        raise CheckpointFailed(
            f"a tensor of shape ({len(expected)},) for T = {len(expected) - 1}",
            found,
            "T + 1 losses: before the first step, and after each",
        )
    values = losses.detach().double()
    if not torch.allclose(values, torch.tensor(expected, dtype=torch.float64), rtol=1e-5):
        raise CheckpointFailed(
            f"{list(expected)} ({what})", [float(f"{value:.4g}") for value in values.tolist()], hint
        )
