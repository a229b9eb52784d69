"""Checkpoint of `rich_net`: its parts, and its loss on the training points."""

from __future__ import annotations

from typing import Any

import torch

from . import CheckpointFailed

LOSS = 1e-3


@torch.no_grad()
def run(rich_net: Any, x: torch.Tensor, y: torch.Tensor) -> str:
    """`rich_net`, and the training points x (n, 30) with their targets y (n,)."""
    for name in ("net", "initial", "alpha"):
        if not hasattr(rich_net, name):
            raise CheckpointFailed(
                "a Scaled network", type(rich_net).__name__, "rich_net = Scaled(…)"
            )
    if abs(float(rich_net.alpha) - 0.05) > 1e-9:
        raise CheckpointFailed("α = 0.05", f"{float(rich_net.alpha):g}", "Scaled(net, …)")
    now, then = rich_net.net, rich_net.initial
    if len(now.a) < 512:
        raise CheckpointFailed("512 hidden units", len(now.a), "TwoLayer(512)")
    loss = float(((rich_net(x)[:, 0] - y) ** 2).mean())
    if not bool(now.w.isfinite().all()):
        raise CheckpointFailed(
            "finite weights", "nan or inf: training has exploded", "the learning rate"
        )
    move = float((now.w - then.w).norm() / then.w.norm())
    if move == 0:
        raise CheckpointFailed(
            "weights that have moved",
            "weights as they started",
            "is rich_net trained, and was net a fresh network when Scaled copied it?",
        )
    if not loss <= 1.01 * LOSS:
        raise CheckpointFailed(
            "a loss of at most 0.001 on the training points",
            f"{loss:.3g}",
            "the number of steps; and the learning rate: the limit of which kernel?",
        )
    return (
        f"rich_net fits its {len(x)} points (loss {loss:.2g}), and its first layer moved by "
        f"{move:.2f} times its length."
    )
