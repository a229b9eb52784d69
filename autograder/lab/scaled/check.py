"""scaled: α (net - initial) for networks of the check's own, before and after their weights
move."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...checks.ask import Ask, array, close, equal, number, require
from ...checks.base import Check
from .. import networks
from ..networks import Array, Plan, Weights
from .mistakes import CATALOGUE

check = Check("scaled", mistakes=CATALOGUE, short="scaled")

MAKE = (
    networks.BUILD
    + """
net = build(plan, {name: globals()["old" + str(i)] for i, name in enumerate(names)}, False)
scaled = Scaled(net, alpha)

def flat(parts):
    return torch.cat([torch.zeros(0), *(part.detach().flatten() for part in parts)])

def move():
    with torch.no_grad():
        for name, value in net.named_parameters():
            value.copy_(torch.from_numpy(globals()["new" + str(names.index(name))].copy()))
"""
)
OUTPUT = (
    MAKE
    + """
x = torch.from_numpy(x.copy())
start = scaled(x)
move()
after = scaled(x)
"""
)
ATTRIBUTES = (
    MAKE
    + """
alpha = scaled.alpha
initially = flat(scaled.initial.parameters())
move()
inner, initial = flat(scaled.net.parameters()), flat(scaled.initial.parameters())
yielded = flat(scaled.parameters())
"""
)
TRAINING = (
    MAKE
    + """
x, y = torch.from_numpy(x.copy()), torch.from_numpy(y.copy())
optimizer = torch.optim.SGD(list(scaled.parameters()), lr=lr)
for _ in range(int(steps)):
    optimizer.zero_grad()
    loss = ((scaled(x)[:, 0] - y) ** 2).mean()
    loss.backward()
    optimizer.step()
inner, initial = flat(net.parameters()), flat(scaled.initial.parameters())
"""
)
PARITY = 1e-9
# all of them know how to tell α inside of the network from α outside
DEEP: Plan = [["linear", 4, 6], ["tanh"], ["linear", 6, 5], ["tanh"], ["linear", 5, 1]]
BIASED: Plan = [["linear", 3, 8], ["relu"], ["linear", 8, 1]]
CONV: Plan = [["conv", 1, 2, 2], ["tanh"], ["flatten", 1], ["linear", 8, 1]]


def question(plan: Plan, rng: np.random.Generator, alpha: float) -> dict[str, Any]:
    """A network before and after its weights moved, by a third of what they were."""
    old, fresh = networks.draw(plan, rng), networks.draw(plan, rng)
    given: dict[str, Any] = {"plan": plan, "names": list(old), "alpha": alpha}
    for i, name in enumerate(old):
        given[f"old{i}"], given[f"new{i}"] = old[name], old[name] + fresh[name] / 3
    return given


def side(p: dict[str, Any], which: str) -> Weights:
    """The weights "old" or "new" of a question."""
    return {name: p[f"{which}{i}"] for i, name in enumerate(p["names"])}


def flat(weights: Weights) -> Array:
    return np.concatenate([part.ravel() for part in weights.values()])


def column(value: Any, n: int, what: str) -> Array:
    return array(value, (n, 1), what)[:, 0]


@check.criterion("output", 1, "The output is α times what the network has moved, for several α.")
def output(ask: Ask) -> None:
    for plan, shape, alpha in ((DEEP, (4,), 0.05), (BIASED, (3,), 7.0), (CONV, (1, 3, 3), 1.5)):
        p, x = question(plan, ask.rng, alpha), ask.rng.standard_normal((5, *shape))
        found = column(ask.run(OUTPUT, ["after"], x=x, **p)["after"], 5, "the output")
        new, old = (networks.outputs(plan, side(p, which), x) for which in ("new", "old"))
        close(
            found, alpha * (new - old), PARITY, "After the weights have moved the output is wrong."
        )


@check.criterion("start", 0.25, "At the start the output is zero.", "output")
def start(ask: Ask) -> None:
    p, x = question(DEEP, ask.rng, 40.0), ask.rng.standard_normal((6, 4))
    found = column(ask.run(OUTPUT, ["start"], x=x, **p)["start"], 6, "the output at the start")
    require(
        np.all(np.abs(found) <= PARITY),
        "Before the weights move the output is not zero.",
        found=found,
        expected=np.zeros(6),
    )


@check.criterion("training", 0.25, "Gradient descent moves net as it should, and initial not.")
def training(ask: Ask) -> None:
    p, x = question(DEEP, ask.rng, 0.6), ask.rng.standard_normal((7, 4))
    y, lr, steps = ask.rng.standard_normal(7), 0.2, 3
    back = ask.run(TRAINING, ["inner", "initial"], x=x, y=y, lr=lr, steps=steps, **p)
    old = flat(side(p, "old"))
    inner, initial = (
        array(back[k], old.shape, f"the weights of {k}") for k in ("inner", "initial")
    )
    require(
        np.any(inner != old),
        "The network does not move when it is trained.",
        found=inner,
        expected=old,
    )
    equal(initial, old, "initial moves when the network is trained.")
    close(
        inner, trained(p, x, y, lr, steps), PARITY, "Training moves the weights to another place."
    )


def trained(p: dict[str, Any], x: Array, y: Array, lr: float, steps: int) -> Array:
    """The weights after gradient descent on the mean squared error of α (net - initial)."""
    plan, alpha = p["plan"], p["alpha"]
    now = flat(side(p, "old"))
    begin = networks.outputs(plan, side(p, "old"), x)
    for _ in range(int(steps)):
        weights = unflat(p, now)
        error = alpha * (networks.outputs(plan, weights, x) - begin) - y
        now = now - lr * 2 * alpha * (error @ networks.features(plan, weights, x)) / len(y)
    return now


def unflat(p: dict[str, Any], values: Array) -> Weights:
    found, at = Weights(), 0
    for name, part in side(p, "old").items():
        found[name] = values[at : at + part.size].reshape(part.shape)
        at += part.size
    return found


@check.criterion("attributes", 0.25, "net, initial and alpha are what they should be.", "output")
def attributes(ask: Ask) -> None:
    p = question(BIASED, ask.rng, 0.35)
    asked = ["alpha", "inner", "initially", "initial"]
    back = ask.run(ATTRIBUTES, asked, **p)
    close(number(back["alpha"], "alpha"), 0.35, PARITY, "The attribute alpha is another number.")
    old, new = flat(side(p, "old")), flat(side(p, "new"))
    inner, initially, initial = (
        array(back[k], old.shape, f"the weights of {k}") for k in asked[1:]
    )
    equal(inner, new, "The attribute net is not the network that was given.")
    equal(initially, old, "The attribute initial does not begin with the network's weights.")
    equal(initial, old, "initial moves with the network.")


@check.criterion("parameters", 0.25, "parameters() yields those of net and no others.", "output")
def parameters(ask: Ask) -> None:
    p = question(DEEP, ask.rng, 2.0)
    new = flat(side(p, "new"))
    found = array(ask.run(ATTRIBUTES, ["yielded"], **p)["yielded"], (None,), "parameters()")
    require(
        len(found) == len(new),
        "parameters() does not yield as many weights as net has.",
        found=len(found),
        expected=len(new),
    )
    equal(np.sort(found), np.sort(new), "parameters() yields other weights than those of net.")
