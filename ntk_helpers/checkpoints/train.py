"""Checkpoint of `train`: one weight, one example, so that the losses can be worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from . import CheckpointFailed

LOSSES = [1.0, 0.64, 0.4096]  # w = 0, target 1: each step takes a fifth off the error


def run(train: Callable[..., Any]) -> str:
    """`train`: the student's function."""
    from ntk_helpers.data import loader

    weight = nn.Linear(1, 1, bias=False)
    nn.init.zeros_(weight.weight)
    net = nn.Sequential(nn.Flatten(), weight)
    batches = loader(torch.ones(1, 1, 1, 1), torch.tensor([9]))
    losses = train(net, batches, N_passes=3, lr=0.1)
    if not isinstance(losses, list):
        raise CheckpointFailed(
            "a list of losses", type(losses).__name__, "the last line: return losses"
        )
    if len(losses) != 3:
        raise CheckpointFailed(
            "3 losses for 3 passes over one batch",
            f"{len(losses)}",
            "append once a step, inside both loops",
        )
    found = [float(loss) for loss in losses]
    if max(abs(a - b) for a, b in zip(found, LOSSES, strict=True)) > 1e-4:
        raise CheckpointFailed(
            f"losses {LOSSES}", [round(value, 4) for value in found], _hint(found)
        )
    if abs(weight.weight.item() - 0.488) > 1e-4:
        raise CheckpointFailed(
            "the weight 0.488 afterwards", f"{weight.weight.item():.4f}", "net is trained in place"
        )
    return (
        "train takes the steps of plain gradient descent: losses 1, 0.64, 0.41 on the "
        "one-weight example."
    )


def _hint(found: list[float]) -> str:
    if abs(found[0] - LOSSES[0]) > 1e-4:
        return (
            "the first loss, before any step: the target is label / 9, the loss is a mean of "
            "squares"
        )
    if abs(found[1] - found[0]) < 1e-9:
        return "the loss does not move: zero_grad, backward and step, in this order"
    return "the steps: SGD with the given lr, gradients set to zero before each backward"
