"""empirical_ntk for networks of random depth and width, one input and many, in both dtypes and
modes."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from ...checks.ask import array
from ...checks.compare import Missed, kept, same
from ...door.student import Student
from .. import networks
from ..networks import Plan
from .check import AFTER, PROBE, SINGLE, STEADY, TWICE, expected, parts, question

ROUNDS = 10
# closer than the check asks for: a mutant in between is a survivor, and somebody looks at it
CLOSE = 1e-6


def battery(student: Student, rng: np.random.Generator) -> None:
    for turn in range(ROUNDS):
        plan, shape = network(rng, turn)
        n, m = (1, 1) if turn == 0 else map(int, rng.integers(1, 9, 2))
        x, xprime = rng.standard_normal((n, *shape)), rng.standard_normal((m, *shape))
        if turn % 3 == 1:
            xprime = x.copy()
        weights = networks.draw(plan, rng)
        names = networks.parameters(weights)
        frozen = tuple(rng.choice(names[:-1], 1)) if turn % 4 == 2 and len(names) > 2 else ()
        steady = any(kind == "norm" for kind, *_ in plan)
        p = question(
            # where a layer stands twice, torch.func's functional_call itself loses .grad
            plan,
            weights,
            x,
            xprime,
            single=turn % 5 == 3 and not relu(plan),
            training=not steady and turn % 2 == 0,
            gradients=turn % 3 == 0 and plan is not TWICE,
            frozen=tuple(map(str, frozen)),
        )
        back = student.run(PROBE, returns=["kernel", *AFTER], **p)
        found = array(back["kernel"], (len(x), len(xprime)), "the kernel")
        same(found, expected(p), SINGLE if p["single"] else CLOSE, f"empirical_ntk, {plan}")
        untouched(p, back)


def untouched(p: dict[str, Any], back: dict[str, Any]) -> None:
    kept(back, {"x": p["x"], "xprime": p["xprime"]}, "empirical_ntk")
    weights, names = parts(p)
    trained = networks.parameters(weights)
    flat = np.concatenate([weights[name].ravel() for name in trained])
    same(np.asarray(back["weights"])[: len(flat)], flat, 0, "empirical_ntk, weights")
    had = np.concatenate([np.arange(1.0, 1 + weights[name].size) for name in trained])
    same(back["grads"], had if p["gradients"] else had[:0], 0, "empirical_ntk, .grad")
    if set(back["modes"]) != {p["training"]}:
        raise Missed("empirical_ntk: the mode was changed")
    if back["trainable"] != [name in names for name in trained]:
        raise Missed("empirical_ntk: weights were frozen or thawed")


def relu(plan: Plan) -> bool:
    """Whether single precision may decide a unit's side otherwise than double precision does."""
    return any(kind in ("relu", "bare") for kind, *_ in plan)


def network(rng: np.random.Generator, turn: int) -> tuple[Plan, tuple[int, ...]]:
    """A plan and the shape of its inputs."""
    kind = turn % 5
    if kind == 0:
        width, inputs = map(int, rng.integers(1, 40, 2))
        return [["bare", width, inputs]], (inputs,)
    if kind == 1:
        filters, size = map(int, rng.integers(1, 4, 2))
        flat = filters * (6 - size) ** 2
        return [["conv", 1, filters, size], ["tanh"], ["flatten", 1], ["linear", flat, 1]], (
            1,
            5,
            5,
        )
    if kind == 2:
        return STEADY, (4,)
    if kind == 4:
        return TWICE, (5,)
    widths = [int(w) for w in rng.integers(1, 8, int(rng.integers(1, 5)))]
    layers: Plan = []
    for before, after in pairwise(widths):
        layers += [["linear", before, after], ["tanh"]]
    return [*layers, ["linear", widths[-1], 1], ["flatten", 0]], (widths[0],)
