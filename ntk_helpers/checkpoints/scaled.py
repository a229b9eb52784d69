"""Checkpoint of `Scaled`: zero at the start, α times the change afterwards, and one network that is
trained."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from ntk_helpers.rich import TwoLayer

from . import CheckpointFailed


def run(scaled_class: Callable[..., Any]) -> str:
    """`scaled_class`: the class Scaled, not an instance of it."""
    if not isinstance(scaled_class, type):
        raise CheckpointFailed(
            "the class Scaled", type(scaled_class).__name__, "checkpoint('scaled', Scaled)"
        )
    generator = torch.Generator().manual_seed(0)
    net = TwoLayer(8, inputs=3, generator=generator)
    x = torch.randn(5, 3, generator=generator)
    scaled = scaled_class(net, 4.0)
    for name in ("net", "initial", "alpha"):
        if not hasattr(scaled, name):
            raise CheckpointFailed(f"an attribute `{name}`", "none", "the docstring")
    _start(scaled, net, x)
    _moved(scaled, net, x)
    return "Scaled starts at zero, follows net 4 times as fast for α = 4, and trains net alone."


def _start(scaled: Any, net: TwoLayer, x: torch.Tensor) -> None:
    outputs = scaled(x)
    if not torch.is_tensor(outputs) or tuple(outputs.shape) != (5, 1):
        found = tuple(outputs.shape) if torch.is_tensor(outputs) else type(outputs).__name__
        raise CheckpointFailed("outputs of shape (5, 1) for five points", found, "forward")
    if outputs.abs().max() > 1e-6:
        raise CheckpointFailed(
            "outputs that are zero before training",
            f"{outputs.abs().max().item():.3g}",
            "what is subtracted in forward",
        )
    trained = {id(parameter) for parameter in scaled.parameters()}
    if trained != {id(parameter) for parameter in net.parameters()}:
        raise CheckpointFailed(
            "the 2 parameters of the network that was given",
            f"{len(trained)} parameters",
            "what parameters() yields: those of net itself, none of the copy's",
        )


@torch.no_grad()
def _moved(scaled: Any, net: TwoLayer, x: torch.Tensor) -> None:
    before = net(x)
    net.a.add_(1)
    change, found = net(x) - before, scaled(x)
    if not torch.allclose(found, 4 * change, rtol=1e-4, atol=1e-5):
        ratio = (found * change).sum() / (change * change).sum()
        hint = "forward, and whether the copy stays behind when net moves"
        raise CheckpointFailed(
            "4 times the change of net, for α = 4", f"{ratio.item():.3g} times", hint
        )
