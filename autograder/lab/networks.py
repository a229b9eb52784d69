"""Networks of one output, of all kinds, as plans: a probe builds them in torch (BUILD), and here
they are differentiated in NumPy, one input at a time.

A plan is a list of layers, each a list of its kind and sizes: ["linear", inputs, outputs], ["conv",
channels, filters, size], ["norm", width], ["dropout", p], ["bare", width, inputs], ["relu"],
["tanh"], ["flatten", first dimension], ["again", place of the layer that stands here once more].
Weights go by torch's names: "0.weight", "3.bias".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

Array = np.ndarray
Plan = list[list[Any]]
Weights = dict[str, Array]
# the slope at a layer's output → the slope at its input, and the gradient (N, …) of each weight
Back = Callable[[Array], tuple[Array, Weights]]

BUILD = """
import torch
from torch import nn

class Bare(nn.Module):
    def __init__(self, width, inputs):
        super().__init__()
        self.w = nn.Parameter(torch.zeros(width, inputs))
        self.a = nn.Parameter(torch.zeros(width))

    def forward(self, x):
        return (x @ self.w.T).relu() @ self.a[:, None] / len(self.a) ** 0.5

def build(plan, weights, single):
    kinds = {"linear": nn.Linear, "conv": nn.Conv2d, "norm": nn.BatchNorm1d, "dropout": nn.Dropout,
             "bare": Bare, "relu": nn.ReLU, "tanh": nn.Tanh, "flatten": nn.Flatten}
    layers = []
    with torch.random.fork_rng(devices=[]):
        for kind, *sizes in plan:
            layers.append(layers[sizes[0]] if kind == "again" else kinds[kind](*sizes))
    net = nn.Sequential(*layers).to(torch.float32 if single else torch.float64)
    with torch.no_grad():
        for name, value in (*net.named_parameters(), *net.named_buffers()):
            if name in weights:
                value.copy_(torch.from_numpy(weights[name].copy()))
    return net
"""
"""Defines build(plan, {name: array}, single), a network in float32 or float64."""

MOVING = ("running_mean", "running_var")
EPSILON = 1e-5  # torch's, in a batch norm


def draw(plan: Plan, rng: np.random.Generator) -> Weights:
    """Random weights, and for a batch norm random statistics of earlier batches."""
    found: Weights = {}
    for i, (kind, *sizes) in enumerate(plan):
        if kind == "linear":
            inputs, outputs = sizes
            found[f"{i}.weight"] = rng.standard_normal((outputs, inputs)) * 1.4 / inputs**0.5
            found[f"{i}.bias"] = 0.5 * rng.standard_normal((outputs,))
        elif kind == "conv":
            channels, filters, size = sizes
            shape = (filters, channels, size, size)
            found[f"{i}.weight"] = rng.standard_normal(shape) * 1.4 / (channels * size**2) ** 0.5
            found[f"{i}.bias"] = 0.5 * rng.standard_normal((filters,))
        elif kind == "norm":
            found[f"{i}.weight"], found[f"{i}.running_var"] = rng.uniform(0.5, 2, (2, *sizes))
            found[f"{i}.bias"], found[f"{i}.running_mean"] = rng.standard_normal((2, *sizes))
        elif kind == "bare":
            found[f"{i}.w"] = rng.standard_normal(sizes)
            found[f"{i}.a"] = rng.standard_normal((sizes[0],))
    return found


def parameters(weights: Weights) -> list[str]:
    """The names of the weights that torch would train, in its order."""
    return [name for name in weights if not name.endswith(MOVING)]


def run(plan: Plan, weights: Weights, x: Array) -> tuple[Array, Weights, Array]:
    """Outputs (N,) for inputs x (N, …); the gradient of each output with respect to each weight,
    {name: (N, size)}; and with respect to its input (N, size)."""
    backs: list[Back] = []
    for i, layer in enumerate(plan):
        kind, *sizes = layer
        if kind == "again":
            i = sizes[0]
            kind, *sizes = plan[i]
        x, back = _layer(kind, sizes, _of(weights, i), x)
        backs.append(_named(back, i))
    out = x.reshape(-1)
    slope, gradients = np.ones_like(x), dict[str, Array]()
    for back in reversed(backs):
        slope, its = back(slope)
        for name, value in its.items():
            value = value.reshape(len(out), -1)
            gradients[name] = gradients[name] + value if name in gradients else value
    return out, gradients, slope.reshape(len(out), -1)


def features(plan: Plan, weights: Weights, x: Array, names: Iterable[str] | None = None) -> Array:
    """The gradients of the outputs with respect to the weights called `names` (None: all), side by
    side, (N, number of weights)."""
    gradients = run(plan, weights, x)[1]
    chosen = parameters(weights) if names is None else names
    return np.concatenate([gradients[name] for name in chosen], axis=1)


def outputs(plan: Plan, weights: Weights, x: Array) -> Array:
    """(N,)"""
    return run(plan, weights, x)[0]


def _of(weights: Weights, i: int) -> Weights:
    head = f"{i}."
    return {name.removeprefix(head): w for name, w in weights.items() if name.startswith(head)}


def _named(back: Back, i: int) -> Back:
    def named(d: Array) -> tuple[Array, Weights]:
        slope, gradients = back(d)
        return slope, {f"{i}.{name}": value for name, value in gradients.items()}

    return named


def _layer(kind: str, sizes: list, w: Weights, x: Array) -> tuple[Array, Back]:
    shape = x.shape
    if kind == "linear":
        weight = w["weight"]
        return x @ weight.T + w["bias"], lambda d: (
            d @ weight,
            {"weight": d[:, :, None] * x[:, None, :], "bias": d},
        )
    if kind == "bare":
        return _bare(w["w"], w["a"], x)
    if kind == "conv":
        return _conv(w["weight"], w["bias"], x)
    if kind == "norm":
        spread = np.sqrt(w["running_var"] + EPSILON)
        unit = (x - w["running_mean"]) / spread
        scale = w["weight"] / spread
        return w["weight"] * unit + w["bias"], lambda d: (
            scale * d,
            {"weight": d * unit, "bias": d},
        )
    if kind == "relu":
        return np.maximum(x, 0), lambda d: (d * (x > 0), {})
    if kind == "tanh":
        y = np.tanh(x)
        return y, lambda d: (d * (1 - y**2), {})
    if kind == "flatten":
        return x.reshape(len(x) if sizes == [1] else -1, *([-1] if sizes == [1] else [])), (
            lambda d: (d.reshape(shape), {})
        )
    if kind == "dropout":  # in evaluation mode
        return x, lambda d: (d, {})
    raise ValueError(f"There is no layer {kind!r}.")


def _bare(w: Array, a: Array, x: Array) -> tuple[Array, Back]:
    before, root = x @ w.T, len(a) ** 0.5
    hidden = np.maximum(before, 0)

    def back(d: Array) -> tuple[Array, Weights]:
        gate = d * a * (before > 0) / root
        return gate @ w, {"w": gate[:, :, None] * x[:, None, :], "a": d * hidden / root}

    return (hidden @ a)[:, None] / root, back


def _conv(weight: Array, bias: Array, x: Array) -> tuple[Array, Back]:
    """Cross-correlation without padding: x (N, channels, height, width)."""
    size = weight.shape[-1]
    windows = np.lib.stride_tricks.sliding_window_view(x, (size, size), (2, 3))
    y = np.einsum("nchwij,ocij->nohw", windows, weight) + bias[:, None, None]

    def back(d: Array) -> tuple[Array, Weights]:
        slope = np.zeros_like(x)
        high, wide = d.shape[2:]
        for i in range(size):
            for j in range(size):
                slope[:, :, i : i + high, j : j + wide] += np.einsum(
                    "nohw,oc->nchw", d, weight[:, :, i, j]
                )
        return slope, {
            "weight": np.einsum("nohw,nchwij->nocij", d, windows),
            "bias": d.sum((2, 3)),
        }

    return y, back
