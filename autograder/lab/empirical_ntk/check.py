"""empirical_ntk: the inner products of gradients of networks that the check brings, drawn here and
differentiated here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...checks.ask import Ask, array, close, equal, require
from ...checks.base import Check
from .. import networks
from ..networks import Array, Plan, Weights
from .mistakes import CATALOGUE

check = Check("empirical_ntk", mistakes=CATALOGUE, short="emp.ntk")

PROBE = (
    networks.BUILD
    + """
net = build(plan, {name: globals()[key] for key, name in keys.items()}, single)
for name, value in net.named_parameters():
    value.requires_grad_(name not in frozen)
net.train(training)
if gradients:
    for value in net.parameters():
        value.grad = torch.arange(1.0, 1 + value.numel()).to(value).reshape(value.shape)
x, xprime = (torch.from_numpy(part.copy()) for part in (x, xprime))
kernel = empirical_ntk(net, x, xprime)
if kernel is not None and not isinstance(kernel, torch.Tensor):
    kernel = torch.as_tensor(kernel)
weights, grads = (
    torch.cat([torch.zeros(0), *(part.detach().flatten() for part in parts if part is not None)])
    for parts in (list(net.parameters()) + list(net.buffers()), [p.grad for p in net.parameters()])
)
modes = [bool(part.training) for part in net.modules()]
trainable = [bool(p.requires_grad) for p in net.parameters()]
"""
)
AFTER = ["weights", "grads", "modes", "trainable", "x", "xprime"]
# a kernel that is put together in single precision is 1e-7 off, half precision is 5e-4; the
# gradients of a network in single precision are 1e-6 off
PARITY, SINGLE = 1e-5, 1e-4
MLP: Plan = [["linear", 5, 9], ["relu"], ["linear", 9, 7], ["relu"], ["linear", 7, 1]]
BARE: Plan = [["bare", 24, 6]]
TANH: Plan = [
    *(part for wide in (4, 6, 6) for part in (["linear", wide, 6], ["tanh"])),
    ["linear", 6, 1],
    ["flatten", 0],
]
CONV: Plan = [["conv", 2, 4, 3], ["relu"], ["flatten", 1], ["linear", 24, 1]]
TWICE: Plan = [["linear", 5, 5], ["tanh"], ["again", 0], ["tanh"], ["linear", 5, 1]]
STEADY: Plan = [["linear", 4, 8], ["norm", 8], ["relu"], ["dropout", 0.5], ["linear", 8, 1]]


def question(
    plan: Plan,
    weights: Weights,
    x: Array,
    xprime: Array,
    *,
    single: bool = False,
    training: bool = True,
    gradients: bool = False,
    frozen: tuple[str, ...] = (),
) -> dict[str, Any]:
    """The inputs of the probe for one network. single: in float32. training: its mode. gradients:
    whether its weights have some already. frozen: the names of those that are not trained."""
    if single:
        weights = {name: value.astype(np.float32) for name, value in weights.items()}
        x, xprime = x.astype(np.float32), xprime.astype(np.float32)
    keys = {f"weight{i}": name for i, name in enumerate(weights)}
    arrays = {key: weights[name] for key, name in keys.items()}
    switches = {"single": single, "training": training, "gradients": gradients}
    told = {"plan": plan, "keys": keys, "frozen": list(frozen)}
    return {**told, **arrays, **switches, "x": x, "xprime": xprime}


def parts(p: dict[str, Any]) -> tuple[Weights, list[str]]:
    """The weights of a question, and the names of those that are trained."""
    weights = {name: np.asarray(p[key], np.float64) for key, name in p["keys"].items()}
    return weights, [name for name in networks.parameters(weights) if name not in p["frozen"]]


def expected(p: dict[str, Any]) -> Array:
    """The kernel (n, m) of a question."""
    weights, names = parts(p)
    left, right = (
        networks.features(p["plan"], weights, np.asarray(p[k], np.float64), names)
        for k in ("x", "xprime")
    )
    return left @ right.T


def kernel(ask: Ask, plan: Plan, shape: tuple[int, ...], n: int, m: int, **how: Any) -> None:
    """Ask for the kernel of one network between n and m inputs of this shape, and compare it."""
    x, xprime = ask.rng.standard_normal((n, *shape)), ask.rng.standard_normal((m, *shape))
    p = question(plan, networks.draw(plan, ask.rng), x, xprime, **how)
    back = ask.run(PROBE, ["kernel", "trainable"], **p)
    found = array(back["kernel"], (n, m), "the kernel matrix")
    close(found, expected(p), SINGLE if p["single"] else PARITY, OFF)
    weights, names = parts(p)
    asks = [name in names for name in networks.parameters(weights)]
    now = back["trainable"]
    require(
        isinstance(now, list) and now == asks,
        "After the call other weights ask for gradients than before.",
    )


OFF = "The kernel is not made of the inner products of the gradients."


@check.criterion("value", 1.25, "The kernel of networks with one and two hidden layers is right.")
def value(ask: Ask) -> None:
    for plan, d, n, m in ((MLP, 5, 4, 3), (BARE, 6, 3, 5), (MLP, 5, 1, 2)):
        kernel(ask, plan, (d,), n, m)


@check.criterion("architectures", 1, "Deep and convolutional networks are no obstacle.")
def architectures(ask: Ask) -> None:
    kernel(ask, TANH, (4,), 3, 4, single=True)
    kernel(ask, CONV, (2, 5, 4), 4, 2)


@check.criterion("trainable", 0.5, "Frozen weights do not count, shared ones count as one.")
def trainable(ask: Ask) -> None:
    kernel(ask, MLP, (5,), 3, 2, frozen=("0.bias", "2.weight"))
    kernel(ask, TWICE, (5,), 3, 4)


@check.criterion("evaluation", 0.25, "A network in evaluation mode is taken as it is.")
def evaluation(ask: Ask) -> None:
    kernel(ask, STEADY, (4,), 4, 3, training=False)


Compare = Callable[[dict[str, Any], dict[str, Any]], None]


def untouched(ask: Ask, compare: Compare) -> None:
    """Put a network with gradients in training mode, and one without in evaluation mode."""

    def make(rng: np.random.Generator) -> list[tuple[dict, dict]]:
        found = []
        for plan, d, training in ((MLP, 5, True), (STEADY, 4, False)):
            x, xprime = rng.standard_normal((3, d)), rng.standard_normal((4, d))
            weights = networks.draw(plan, rng)
            p = question(plan, weights, x, xprime, training=training, gradients=training)
            found.append((p, ask.run(PROBE, AFTER, **p)))
        return found

    for p, back in ask.once("untouched", make):
        compare(p, back)


@check.criterion("weights kept", 0.5, "The network and its inputs are as they were.", "value")
def weights_kept(ask: Ask) -> None:
    def compare(p: dict, back: dict) -> None:
        weights, _ = parts(p)
        trained = networks.parameters(weights)
        moving = [f"{name.split('.')[0]}.{kind}" for name in weights for kind in networks.MOVING]
        order = [*trained, *dict.fromkeys(name for name in moving if name in weights)]
        flat = np.concatenate([weights[name].ravel() for name in order])
        found = np.ravel(array(back["weights"], None, "the weights after the call"))
        # what a batch norm counts besides is left out
        require(len(found) >= len(flat), "After the call the network has other weights.")
        equal(found[: len(flat)], flat, "The call changed the network's weights.")
        for name in ("x", "xprime"):
            now = array(back[name], p[name].shape, f"{name} after the call")
            equal(now, p[name], f"The call changed {name}.")

    untouched(ask, compare)


@check.criterion("mode kept", 0.25, "Training or evaluation mode is as it was.", "value")
def mode_kept(ask: Ask) -> None:
    def compare(p: dict, back: dict) -> None:
        told = back["modes"]
        require(
            isinstance(told, list) and told and all(mode is p["training"] for mode in told),
            "After the call the network is in another mode (training, evaluation) than before.",
        )

    untouched(ask, compare)


@check.criterion("gradients kept", 0.25, "The .grad of every weight is as it was.", "value")
def gradients_kept(ask: Ask) -> None:
    def compare(p: dict, back: dict) -> None:
        weights, _ = parts(p)
        sizes = [weights[name].size for name in networks.parameters(weights)]
        had = np.concatenate([np.arange(1.0, 1 + size) for size in sizes])
        before = had if p["gradients"] else had[:0]
        found = array(back["grads"], (None,), "the weights' .grad after the call")
        require(
            len(found) == len(before),
            "After the call weights have a .grad that had none, or have lost theirs.",
        )
        equal(found, before, "The call changed what stood in the weights' .grad.")

    untouched(ask, compare)
