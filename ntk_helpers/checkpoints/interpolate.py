"""Checkpoint of `interpolate`: a centred network, trained, that passes through every training
point."""

from __future__ import annotations

from typing import Any

import torch

from ntk_helpers.training import Centered

from . import CheckpointFailed


@torch.no_grad()
def run(lazy_net: Any, images: torch.Tensor, labels: torch.Tensor) -> str:
    """`lazy_net`, and the n training images (n, 1, 28, 28) with their labels (n,)."""
    if not isinstance(lazy_net, Centered):
        raise CheckpointFailed(
            "a Centered network", type(lazy_net).__name__, "lazy_net = Centered(…)"
        )
    net: Any = lazy_net.net
    start: Any = lazy_net.initial
    width = net.l1.weight.shape[0]
    if width < 500:
        raise CheckpointFailed("1000 hidden units", width, "MLPshallow(hidden_dim=…)")
    move = (net.l1.weight - start.l1.weight).norm() / start.l1.weight.norm()
    if move == 0:
        raise CheckpointFailed(
            "weights that have moved", "weights as they started", "train(lazy_net, …)"
        )
    error = (lazy_net(images)[:, 0] - labels / 9).abs()
    gap = float(labels.max() - labels.min()) / 18
    wrong = int((error >= gap).sum())
    if wrong or not bool(error.isfinite().all()):
        raise CheckpointFailed(
            f"every output within {gap:.2f} of its target",
            f"{wrong} of {len(labels)} images further away (mean square error "
            f"{float((error**2).mean()):.2g})",
            "the learning rate and the number of passes",
        )
    return (
        f"lazy_net passes through all {len(labels)} training points, and its first layer moved by "
        f"{100 * float(move):.2f} % only."
    )
