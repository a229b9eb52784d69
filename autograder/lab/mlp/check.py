"""MLPshallow: its layers, its forward pass for given weights, and the statistics of a fresh
network."""

from __future__ import annotations

import numpy as np

from ...checks.ask import Ask, Missed, array, equal, near, number, require
from ...checks.base import Check
from .. import reference
from .mistakes import CATALOGUE

# the images are float32, and each marking draws eight million weights
check = Check("mlp", mistakes=CATALOGUE, dtypes=("float32",), in_turn=True)

FORWARD = """
import torch
with torch.random.fork_rng(devices=[]):
    net = MLPshallow(hidden_dim=int(h))
with torch.no_grad():
    for layer, w, b in ((net.l1, w1, b1), (net.lout, w2, b2)):
        layer.weight.copy_(torch.from_numpy(w.copy()))
        if layer.bias is not None:
            layer.bias.copy_(torch.from_numpy(b.copy()))
    out = net(torch.from_numpy(images.copy()))
"""
LAYERS = """
import torch
with torch.random.fork_rng(devices=[]):
    net = MLPshallow() if h == 0 else MLPshallow(hidden_dim=int(h))
names = [n for n in ("flatten", "l1", "lout") if isinstance(getattr(net, n, None), torch.nn.Module)]
shapes = {n: [list(w.shape) for w in (getattr(net, n).weight, getattr(net, n).bias) if w is not None]
          for n in names if n != "flatten"}
total = sum(p.numel() for p in net.parameters())
"""  # noqa: E501  (a probe)
TRAINABLE = """
import torch
with torch.random.fork_rng(devices=[]):
    net = MLPshallow(hidden_dim=int(h))
with torch.no_grad():
    for layer, w in ((net.l1, w1), (net.lout, w2)):
        layer.weight.copy_(torch.from_numpy(w.copy()))
        if layer.bias is not None:
            layer.bias.zero_()
pixels = torch.from_numpy(images.copy())
with torch.enable_grad():
    out = net(pixels)
    reached = bool(out.requires_grad)
    if reached:
        out.sum().backward()
out = out.detach()
grads = [net.l1.weight.grad, net.lout.weight.grad] if reached else [None, None]
g1, g2 = (torch.zeros(0) if g is None else g for g in grads)
"""
FRESH = """
import torch
with torch.random.fork_rng(devices=[]):
    torch.manual_seed(int(draw))
    net = MLPshallow(hidden_dim=int(h))
rows = torch.from_numpy(rows.copy())
l1, lout = net.l1.weight[rows], net.lout.weight
b1, bout = net.l1.bias, net.lout.bias
with torch.random.fork_rng(devices=[]):
    torch.manual_seed(int(draw) + 1)
    several = torch.stack([MLPshallow(hidden_dim=int(narrow)).lout.weight[0] for _ in range(int(networks))])
"""  # noqa: E501  (a probe)
TWO = """
import torch
with torch.random.fork_rng(devices=[]):
    one, two = MLPshallow(hidden_dim=6), MLPshallow(hidden_dim=6)
l1, other_l1, lout, other_lout = one.l1.weight, two.l1.weight, one.lout.weight, two.lout.weight
"""
PARITY, SLOPES = 1e-4, 1e-3  # of outputs and of gradients, in single precision
ERRORS = 8  # standard errors: a right answer misses by chance once in 10^15 draws
NARROW, NETWORKS = 200, 100  # where lout's two sizes and l1's are not nearly the same sum
ROWS = 500  # of the first layer's matrix, chosen here and now: 392 000 entries tell enough


@check.criterion(
    "forward", 1, "For given weights the outputs are those of a ReLU network with one hidden layer."
)
def forward(ask: Ask) -> None:
    for h, n in ((7, 5), (32, 3), (1, 1)):
        scale = (0.1, 0.5, 0.7, 0.5)
        shapes = ((h, 784), (h,), (1, h), (1,))
        weights = [
            (s * ask.rng.standard_normal(shape)).astype(np.float32)
            for s, shape in zip(scale, shapes, strict=True)
        ]
        images = ask.rng.uniform(-1, 1, (n, 1, 28, 28)).astype(np.float32)
        w1, b1, w2, b2 = weights
        back = ask.run(FORWARD, ["out"], h=h, images=images, w1=w1, b1=b1, w2=w2, b2=b2)
        out = array(back["out"], (n, 1), "the output")
        w, b, a, c = (part.astype(np.float64) for part in weights)
        rows = images.reshape(n, -1).astype(np.float64)
        expected = reference.forward((w, b, a, c), rows)
        near(
            out,
            expected,
            PARITY,
            "The outputs differ from lout(ReLU(l1(flattened image))) for the weights that were "
            "put in.",
            max(1.0, float(np.abs(expected).max())),
        )


@check.criterion(
    "layers", 0.5, "flatten, l1 and lout are there, with the right numbers of weights.", "forward"
)
def layers(ask: Ask) -> None:
    for h in (0, 5, int(ask.rng.integers(20, 60)) * 2 + 1):
        width = h or 10
        back = ask.run(LAYERS, ["names", "shapes", "total"], h=h)
        names, shapes = back["names"], back["shapes"]
        for name in ("flatten", "l1", "lout"):
            require(
                isinstance(names, list) and name in names,
                f"The network has no layer called {name}.",
            )
        which = "MLPshallow()" if h == 0 else f"hidden_dim={h}"
        require(
            isinstance(shapes, dict)
            and shapes.get("l1") == [[width, 784], [width]]
            and shapes.get("lout") == [[1, width], [1]],
            f"For {which} the shapes of the weights in l1 and lout are not those of 784 → {width} "
            "→ 1.",
        )
        total = number(back["total"], "the number of parameters")
        equal(
            total,
            786 * width + 1,
            f"For {which} the network has parameters besides those of l1 and lout.",
        )
    trainable(ask)


def trainable(ask: Ask) -> None:
    """Gradients reach both layers, and the images stay what they were."""
    h, n = 6, 4
    w1 = (0.1 * ask.rng.standard_normal((h, 784))).astype(np.float32)
    # the output weights stay away from zero: what hides behind a small one would not be seen
    w2 = (0.5 + ask.rng.random((1, h))).astype(np.float32)
    images = ask.rng.uniform(-1, 1, (n, 1, 28, 28)).astype(np.float32)
    back = ask.aside(TRAINABLE, ["out", "g1", "g2", "pixels"], h=h, images=images, w1=w1, w2=w2)
    x, a, w = (part.astype(np.float64) for part in (images.reshape(n, -1), w2, w1))
    before = x @ w.T
    out = np.maximum(before, 0) @ a.T
    try:
        right = np.allclose(array(back["out"], out.shape, "the output"), out, 1e-3, 1e-3)
    except Missed:  # other outputs are another criterion's matter
        right = False
    for name, layer, expected in (
        ("g1", "l1", (a * (before > 0)).T @ x),
        ("g2", "lout", np.maximum(before, 0).sum(0)[None]),
    ):
        found = array(back[name], None, f"the gradient of {layer}")
        cut = f"No gradient reaches {layer}: is the forward pass cut off from its weights?"
        require(found.shape == expected.shape and np.any(found), cut)
        if right:
            told = f"The outputs are right, but not {layer}'s gradient: is a part of it cut off?"
            near(found, expected, SLOPES, told, max(1.0, float(np.abs(expected).max())))
    equal(
        array(back["pixels"], images.shape, "the images"),
        images,
        "The forward pass changes the images.",
    )


def draw(ask: Ask) -> tuple[int, dict[str, np.ndarray]]:
    """A fresh wide network's weights (some rows of the first layer's), drawn once for this
    exercise.

    several: output weights of many narrow networks, a network a row.
    """

    def make(rng: np.random.Generator) -> tuple[int, dict[str, np.ndarray]]:
        h = int(rng.integers(10_000, 11_000))
        rows = np.sort(rng.choice(h, ROWS, replace=False))
        back = ask.run(
            FRESH,
            ["l1", "lout", "b1", "bout", "several"],
            h=h,
            rows=rows,
            draw=int(rng.integers(2**31)),
            narrow=NARROW,
            networks=NETWORKS,
        )
        for name, layer in (("b1", "l1"), ("bout", "lout")):
            require(back[name] is not None, f"{layer} has no bias.")
        shapes = {
            "l1": (ROWS, 784),
            "lout": (1, h),
            "b1": (h,),
            "bout": (1,),
            "several": (NETWORKS, NARROW),
        }
        told = {"l1": "the weight of l1", "lout": "the weight of lout", "b1": "the bias of l1"}
        return h, {k: array(back[k], s, told.get(k, "the bias of lout")) for k, s in shapes.items()}

    return ask.once("fresh network", make)


@check.criterion("initialisation", 1, "A fresh network's weights are Xavier-normal in both layers.")
def initialisation(ask: Ask) -> None:
    h, parts = draw(ask)
    # with a seed inside they are all one, which `fresh` catches
    lout = np.unique(parts["several"], axis=0)
    for name, drawn, fan in (
        ("l1", parts["l1"], 784 + h),
        ("lout", parts["lout"], h + 1),
        ("lout", lout, NARROW + 1),
    ):
        w, n, std = drawn.ravel(), drawn.size, np.sqrt(2 / fan)
        near(
            w.mean(),
            0,
            ERRORS * std / np.sqrt(n),
            f"The weights of {name} are not centred at zero.",
        )
        near(
            w.std() / std,
            1,
            ERRORS / np.sqrt(2 * n),
            f"The weights of {name} do not have the spread that Xavier's rule gives for {name}'s "
            "two sizes.",
        )
        fourth = np.mean(((w / w.std()) ** 2) ** 2)
        near(
            fourth,
            3,
            ERRORS * np.sqrt(24 / n),
            f"The weights of {name} have the right spread but are not normally distributed.",
        )


@check.criterion("biases", 0.25, "Biases start at zero.", "forward")
def biases(ask: Ask) -> None:
    _, parts = draw(ask)
    for name, layer in (("b1", "l1"), ("bout", "lout")):
        equal(
            parts[name], np.zeros_like(parts[name]), f"The biases of {layer} do not start at zero."
        )


@check.criterion("fresh", 0.25, "Every new network draws weights of its own.", "forward")
def fresh(ask: Ask) -> None:
    back = ask.run(TWO, ["l1", "other_l1", "lout", "other_lout"])
    for name, shape in (("l1", (6, 784)), ("lout", (1, 6))):
        one = array(back[name], shape, f"the weights of {name}")
        two = array(back[f"other_{name}"], shape, f"the weights of {name}")
        require(
            (one != two).mean() > 0.9,
            f"Two networks made one after the other share the weights of {name}: is a seed fixed "
            "inside?",
            found=two,
            expected=one,
        )
