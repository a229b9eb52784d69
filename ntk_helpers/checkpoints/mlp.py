"""Checkpoint of `mlp`: the layers, their start, and two images whose output can be worked out by
hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from . import CheckpointFailed


def run(network_class: Callable[..., Any]) -> str:
    """`network_class`: the class MLPshallow, not an instance of it."""
    if not isinstance(network_class, type):
        raise CheckpointFailed(
            "the class MLPshallow", repr(network_class), "checkpoint('mlp', MLPshallow)"
        )
    net = network_class(hidden_dim=1000)
    shapes = {
        "l1.weight": (1000, 784),
        "l1.bias": (1000,),
        "lout.weight": (1, 1000),
        "lout.bias": (1,),
    }
    found = {name: tuple(parameter.shape) for name, parameter in net.named_parameters()}
    if found != shapes:
        raise CheckpointFailed(
            f"these parameters: {shapes}",
            found,
            "the two nn.Linear layers: their names, their numbers of units",
        )
    if not hasattr(net, "flatten"):
        raise CheckpointFailed("an attribute `flatten`", "none", "nn.Flatten, made in __init__")
    _start(net)
    _by_hand(network_class(hidden_dim=2))
    return (
        f"MLPshallow has its layers, starts as it should, gives one number an image ({_size(net)})."
    )


def _start(net: Any) -> None:
    for layer in ("l1", "lout"):
        module = getattr(net, layer)
        if module.bias.abs().max() > 0:
            raise CheckpointFailed(
                f"{layer}.bias full of zeros", f"{module.bias[0].item():.3g} in it", "zeros_"
            )
        outputs, inputs = module.weight.shape
        expected, spread = (2 / (inputs + outputs)) ** 0.5, module.weight.std().item()
        # six standard errors even for the 1000 weights of lout
        if abs(spread / expected - 1) > 0.15:
            raise CheckpointFailed(
                f"{layer}.weight with a standard deviation near {expected:.3f}",
                f"{spread:.3f}",
                "nn.init.xavier_normal_, applied to this weight",
            )


@torch.no_grad()
def _by_hand(net: Any) -> None:
    """Two hidden units that see the sum of the pixels with weight ±1/784; the output mixes them by
    2 and 3."""
    net.l1.weight.copy_(torch.tensor([[1.0], [-1.0]]).expand(2, 784) / 784)
    net.l1.bias.copy_(torch.tensor([0.5, 0.5]))
    net.lout.weight.copy_(torch.tensor([[2.0, 3.0]]))
    net.lout.bias.fill_(0.25)
    images = torch.stack([torch.full((1, 28, 28), value) for value in (1.0, -1.0, 0.0)])
    outputs = net(images)
    if tuple(outputs.shape) != (3, 1):
        raise CheckpointFailed(
            "outputs of shape (3, 1) for three images", tuple(outputs.shape), "forward"
        )
    expected = torch.tensor([[3.25], [4.75], [2.75]])
    if not torch.allclose(outputs.float(), expected, atol=1e-4):
        raise CheckpointFailed(
            f"outputs {expected.flatten().tolist()} for weights set by hand",
            [round(value, 3) for value in outputs.flatten().tolist()],
            "forward: flatten, l1, ReLU, lout, in this order and nothing after",
        )


def _size(net: Any) -> str:
    return f"{sum(parameter.numel() for parameter in net.parameters()):,} weights at width 1000"
