"""What surrounds the training loop, which is yours to write: a centred network, progress, distances
moved."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader

from ntk_helpers.kernels import OneHiddenLayer


class Centered(nn.Module):
    """A network minus its own starting point: f(x) - f₀(x), so that its output is zero before
    training.

    Attributes:
        net: the network that is trained.
        initial: a frozen copy of it, taken when `Centered` is called.

    `parameters()` yields those of `net` only.
    """

    def __init__(self, net: nn.Module) -> None:
        super().__init__()
        self.net = net
        self.initial = copy.deepcopy(net).requires_grad_(False)

    def forward(self, x: Tensor) -> Tensor:
        return self.net(x) - self.initial(x)

    def named_parameters(self, *args: Any, **kwargs: Any) -> Iterator[tuple[str, nn.Parameter]]:
        """As for any module, without those of the frozen copy."""
        frozen = {id(parameter) for parameter in self.initial.parameters()}
        named = super().named_parameters(*args, **kwargs)
        return ((name, parameter) for name, parameter in named if id(parameter) not in frozen)


class Watched:
    """A data loader that shows how many passes have begun: `for batch in watched` moves a bar by
    one."""

    def __init__(self, loader: DataLoader, passes: int, title: str = "Training") -> None:
        from tqdm.auto import tqdm

        self.loader = loader
        self.bar = tqdm(total=passes, desc=title, unit="pass")

    def __iter__(self) -> Iterator[Any]:
        yield from self.loader
        self.bar.update()
        if self.bar.n >= self.bar.total:
            self.bar.close()

    def __len__(self) -> int:
        return len(self.loader)

    def __getattr__(self, name: str) -> Any:
        if name == "loader":  # not there yet: while it is being copied
            raise AttributeError(name)
        return getattr(self.loader, name)


@torch.no_grad()
def relative_move(net: OneHiddenLayer, start: OneHiddenLayer) -> dict[str, float]:
    """How far the two weight matrices went: |W - W₀| / |W₀| (Frobenius), for `l1` and `lout`."""
    pairs = {
        layer: (getattr(net, layer).weight, getattr(start, layer).weight)
        for layer in ("l1", "lout")
    }
    return {layer: float((now - then).norm() / then.norm()) for layer, (now, then) in pairs.items()}


@torch.no_grad()
def dead_fraction(net: OneHiddenLayer, images: Tensor) -> float:
    """The fraction of hidden units that are zero on every one of these images."""
    return float((net.l1(images.flatten(1)) <= 0).all(dim=0).float().mean())
