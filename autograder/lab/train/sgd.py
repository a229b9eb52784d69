"""A network of one hidden layer trained by SGD with something changed: what the variants of a
trainer are made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...checks.mistakes import Call, Values
from .. import reference

Array = np.ndarray
# outputs, targets (B, 1) → the loss, its slope (B, 1)
Loss = Callable[[Array, Array], tuple[float, Array]]
Rule = Callable[[Array, Array, dict, float], Array]  # weights, gradient, state, lr → new weights


def squares(out: Array, target: Array) -> tuple[float, Array]:
    error = out - target
    return float(np.mean(error**2)), 2 * error / len(out)


def scaled(by: float | Callable[[int], float]) -> Loss:
    """The mean square error times a number, or times a function of the batch's size."""

    def loss(out: Array, target: Array) -> tuple[float, Array]:
        factor = by(len(out)) if callable(by) else by
        value, slope = squares(out, target)
        return factor * value, factor * slope

    return loss


def absolute(out: Array, target: Array) -> tuple[float, Array]:
    error = out - target
    return float(np.mean(np.abs(error))), np.sign(error) / len(out)


def huber(out: Array, target: Array) -> tuple[float, Array]:
    error = out - target
    value = np.where(np.abs(error) < 1, error**2 / 2, np.abs(error) - 0.5)
    return float(value.mean()), np.clip(error, -1, 1) / len(out)


def root(out: Array, target: Array) -> tuple[float, Array]:
    value, slope = squares(out, target)
    return value**0.5, slope / (2 * value**0.5)


def all_pairs(out: Array, target: Array) -> tuple[float, Array]:
    """Outputs (B, 1) against targets (B,): every output meets every target."""
    error = out - target.T
    return float(np.mean(error**2)), 2 * error.mean(1, keepdims=True) / len(out)


def plain(w: Array, g: Array, state: dict, lr: float) -> Array:
    return w - lr * g


def momentum(w: Array, g: Array, state: dict, lr: float) -> Array:
    state["v"] = 0.9 * state.get("v", 0) + g
    return w - lr * state["v"]


def nesterov(w: Array, g: Array, state: dict, lr: float) -> Array:
    state["v"] = 0.9 * state.get("v", 0) + g
    return w - lr * (g + 0.9 * state["v"])


def piling(w: Array, g: Array, state: dict, lr: float) -> Array:
    state["v"] = state.get("v", 0) + g
    return w - lr * state["v"]


def adam(w: Array, g: Array, state: dict, lr: float, decay: float = 0.0) -> Array:
    state["t"] = state.get("t", 0) + 1
    state["m"] = 0.9 * state.get("m", 0) + 0.1 * g
    state["v"] = 0.999 * state.get("v", 0) + 0.001 * g**2
    m, v = state["m"] / (1 - 0.9 ** state["t"]), state["v"] / (1 - 0.999 ** state["t"])
    return w * (1 - lr * decay) - lr * m / (np.sqrt(v) + 1e-8)


def adamw(w: Array, g: Array, state: dict, lr: float) -> Array:
    return adam(w, g, state, lr, 0.01)


def rmsprop(w: Array, g: Array, state: dict, lr: float) -> Array:
    state["v"] = 0.99 * state.get("v", 0) + 0.01 * g**2
    return w - lr * g / (np.sqrt(state["v"]) + 1e-8)


def decaying(by: float) -> Rule:
    return lambda w, g, state, lr: w - lr * (g + by * w)


def fixed(rate: float) -> Rule:
    return lambda w, g, state, lr: w - rate * g


@dataclass(frozen=True)
class Variant:
    """What is done otherwise than asked. moves: which of the four parts (w, b, a, c) are
    trained."""

    targets: Callable[[Array], Array] = lambda labels: labels / 9
    loss: Loss = squares
    rule: Rule = plain
    moves: tuple[int, ...] = (0, 1, 2, 3)
    after: bool = False  # the loss is taken after the step
    record: Callable[[list[list[float]]], Any] = lambda passes: [
        value for one in passes for value in one
    ]
    passes: Callable[[int], int] = lambda wanted: wanted
    batches: Callable[[list], list] = lambda batches: batches
    forgets: bool = False  # what the rule remembers is cleared before each pass

    def run(self, call: Call) -> Values:
        """losses, after: what a trainer of this kind gives for the question."""
        p = call.inputs
        weights = [np.array(p[name], dtype=np.float64) for name in "wbac"]
        rows, size = p["images"].reshape(len(p["images"]), -1), int(p["batch"])
        batches = [
            (rows[i : i + size], p["labels"][i : i + size, None]) for i in range(0, len(rows), size)
        ]
        states: list[dict] = [{} for _ in weights]
        recorded: list[list[float]] = []
        for _ in range(self.passes(int(p["passes"]))):
            recorded.append([])
            states = [{} for _ in weights] if self.forgets else states
            for x, labels in self.batches(batches):
                target = self.targets(labels)
                value, gradients = self.slopes(weights, x, target)
                for i in self.moves:
                    weights[i] = self.rule(weights[i], gradients[i], states[i], float(p["lr"]))
                recorded[-1].append(self.slopes(weights, x, target)[0] if self.after else value)
        found = {"after": np.concatenate([part.ravel() for part in weights])}
        if "losses" in call.returns:
            found["losses"] = np.asarray(self.record(recorded), dtype=np.float64)
        return found

    def slopes(
        self, weights: list[Array], x: Array, target: Array
    ) -> tuple[float, tuple[Array, ...]]:
        w, b, a, c = weights
        value, slope = self.loss(reference.forward((w, b, a, c), x), target)
        return value, reference.gradients((w, b, a, c), x, slope)
