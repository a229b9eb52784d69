"""MLPshallow at other widths, with its gradients, its state, and the statistics of many fresh
weights."""

from __future__ import annotations

import numpy as np

from ...checks.ask import array, number
from ...checks.compare import Missed, same
from ...door.student import Student
from .. import reference
from .check import ERRORS, PARITY, SLOPES

PROBE = """
import torch
with torch.random.fork_rng(devices=[]):
    net = MLPshallow(int(h)) if positional else MLPshallow(hidden_dim=int(h))
    with torch.no_grad():
        for layer, weight, bias in ((net.l1, w, b), (net.lout, a, c)):
            layer.weight.copy_(torch.from_numpy(weight.copy()))
            layer.bias.copy_(torch.from_numpy(bias.copy()))
    pixels = torch.from_numpy(images.copy())
    out = net(pixels)
    out.sum().backward()
    named = {name: list(p.shape) for name, p in net.named_parameters()}
    gw, gb, ga, gc = net.l1.weight.grad, net.l1.bias.grad, net.lout.weight.grad, net.lout.bias.grad
    pixels = pixels.numpy()
    saved = sorted(net.state_dict())
"""
FRESH = """
import torch
with torch.random.fork_rng(devices=[]):
    torch.manual_seed(int(draw))
    nets = [MLPshallow(hidden_dim=int(h)) for _ in range(int(many))]
w = torch.stack([net.l1.weight.detach() for net in nets])
a = torch.stack([net.lout.weight.detach() for net in nets])
biases = torch.cat([torch.cat([net.l1.bias.detach(), net.lout.bias.detach()]) for net in nets])
default = MLPshallow().l1.weight.shape[0]
"""
ROUNDS = 10
NAMES = ["l1.bias", "l1.weight", "lout.bias", "lout.weight"]


def battery(student: Student, rng: np.random.Generator) -> None:
    for turn in range(ROUNDS):
        h, n = int(rng.integers(1, 300)), int(rng.integers(1, 20))
        shapes, scales = ((h, 784), (h,), (1, h), (1,)), (0.1, 0.5, 0.7, 0.5)
        parts = [
            (s * rng.standard_normal(shape)).astype(np.float32)
            for s, shape in zip(scales, shapes, strict=True)
        ]
        images = rng.uniform(-1, 1, (n, 1, 28, 28)).astype(np.float32)
        back = student.run(
            PROBE,
            returns=["out", "named", "saved", "gw", "gb", "ga", "gc", "pixels"],
            h=h,
            positional=turn % 2 == 0,
            images=images,
            **dict(zip("wbac", parts, strict=True)),
        )
        w, b, a, c = (part.astype(np.float64) for part in parts)
        x = images.reshape(n, -1).astype(np.float64)
        same(
            array(back["out"], (n, 1), "the output"),
            reference.forward((w, b, a, c), x),
            PARITY,
            "mlp, forward",
        )
        if back["named"] != dict(
            zip(
                ("l1.weight", "l1.bias", "lout.weight", "lout.bias"), map(list, shapes), strict=True
            )
        ):
            raise Missed(f"mlp: its parameters are {back['named']}")
        if back["saved"] != NAMES:
            raise Missed(f"mlp: its state holds {back['saved']}")
        before = x @ w.T + b
        hidden = np.maximum(before, 0)
        slope = a * (before > 0)
        for name, expected in (
            ("gw", slope.T @ x),
            ("gb", slope.sum(0)),
            ("ga", hidden.sum(0)[None]),
            ("gc", [n]),
        ):
            same(array(back[name], None, "a gradient"), expected, SLOPES, f"mlp, gradient {name}")
        same(back["pixels"], images, 0, "mlp, images")
    for h, many in ((1, 40), (30, 30), (1000, 2)):
        fresh(student, rng, h, many)


def fresh(student: Student, rng: np.random.Generator, h: int, many: int) -> None:
    """Many networks at once: centred, with Xavier's spread, normal, no two alike, biases zero."""
    back = student.run(
        FRESH,
        returns=["w", "a", "biases", "default"],
        h=h,
        many=many,
        draw=int(rng.integers(2**31)),
    )
    if number(back["default"], "the default width") != 10:
        raise Missed("mlp: the default width is not 10")
    if np.any(array(back["biases"], (many * (h + 1),), "the biases")):
        raise Missed("mlp: biases are not zero")
    for name, shape, fan in (("w", (many, h, 784), 784 + h), ("a", (many, 1, h), 1 + h)):
        z = array(back[name], shape, "fresh weights") / np.sqrt(2 / fan)
        same(z.mean(), 0, ERRORS / np.sqrt(z.size), f"mlp, mean of {name}", 1)
        same((z**2).mean(), 1, ERRORS * np.sqrt(2 / z.size), f"mlp, spread of {name}", 1)
        same((z**4).mean(), 3, ERRORS * np.sqrt(96 / z.size), f"mlp, fourth moment of {name}", 1)
        flat = z.reshape(many, -1)
        if np.any(np.all(flat[1:] == flat[:1], axis=1)):
            raise Missed(f"mlp: two networks share {name}")
