"""train on random small problems: other sizes, class pairs and networks, a centred network, both
dtypes, default arguments, and a second call after the first."""

from __future__ import annotations

import numpy as np

from ...checks.ask import array
from ...checks.compare import Missed, same
from ...door.student import Student
from .. import reference
from ..draw import log_uniform
from .check import DEFAULTS, PARITY

PROBE = """
import torch
from torch.utils.data import DataLoader, TensorDataset
kind = torch.float64 if double else torch.float32
with torch.random.fork_rng(devices=[]):
    d, h = w.shape[1], w.shape[0]
    net = torch.nn.Sequential(
        torch.nn.Flatten(), torch.nn.Linear(d, h), torch.nn.ReLU(), torch.nn.Linear(h, 1)
    ).to(kind)
    with torch.no_grad():
        for parameter, value in zip(net.parameters(), (w, b, a, c)):
            parameter.copy_(torch.from_numpy(value.copy()))
    data = TensorDataset(torch.from_numpy(images.copy()).to(kind), torch.from_numpy(labels.copy()))
    loader = DataLoader(data, batch_size=int(batch))
    if passes == 0:
        losses = train(net, loader)
    elif positional:
        losses = train(net, loader, int(passes), lr)
    else:
        losses = train(net, loader, N_passes=int(passes), lr=lr)
    first = torch.cat([p.detach().reshape(-1) for p in net.parameters()])
    again = train(net, loader, N_passes=int(next_passes), lr=next_lr)
    second = torch.cat([p.detach().reshape(-1) for p in net.parameters()])
    """
CENTRED = """
import torch
from ntk_helpers.training import Centered
from torch.utils.data import DataLoader, TensorDataset
with torch.random.fork_rng(devices=[]):
    torch.manual_seed(int(draw))
    inner = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(4, 3), torch.nn.ReLU(), torch.nn.Linear(3, 1))
    net = Centered(inner.double())
    before = [p.detach().clone() for p in net.initial.parameters()]
    data = TensorDataset(torch.randn(6, 1, 2, 2).double(), torch.tensor([1, 3] * 3))
    losses = train(net, DataLoader(data, batch_size=2), N_passes=2, lr=0.05)
    moved = max(float((p - q).abs().max()) for p, q in zip(net.initial.parameters(), before))
    trained = max(float((p - q).abs().max()) for p, q in zip(net.net.parameters(), before))
"""  # noqa: E501  (a probe)
ROUNDS = 16
SINGLE = 2e-4


def battery(student: Student, rng: np.random.Generator) -> None:
    for turn in range(ROUNDS):
        double = turn % 4 != 3
        passes, lr = (
            (0, 0.0)
            if turn % 5 == 0
            else (int(rng.integers(1, 5)), float(log_uniform(rng, 1e-3, 0.06)))
        )
        d, h, rows = int(rng.integers(1, 5)) ** 2, int(rng.integers(1, 9)), int(rng.integers(1, 14))
        size = int(rng.integers(1, rows + 2))
        weights: reference.Weights = (
            unit(rng.standard_normal((h, d))),
            rng.uniform(-0.2, 0.2, h),
            unit(rng.standard_normal((1, h))),
            rng.uniform(-0.2, 0.2, 1),
        )
        images = 1.5 * unit(rng.standard_normal((rows, d)))
        if turn % 4 == 2 and passes:  # large gradients, small steps
            images, lr = 8 * images, lr / 64
        labels = rng.choice(10, rows)
        if not double:
            w, b, a, c = map(single, weights)
            weights, images = (w, b, a, c), single(images)
        side = int(np.sqrt(d))
        back = student.run(
            PROBE,
            returns=["losses", "first", "again", "second"],
            **dict(zip("wbac", weights, strict=True)),
            images=images.reshape(rows, 1, side, side),
            labels=labels,
            batch=size,
            passes=passes,
            lr=lr,
            next_passes=DEFAULTS["passes"],
            next_lr=DEFAULTS["lr"],
            double=double,
            positional=turn % 2 == 0,
        )
        tolerance = PARITY if double else SINGLE
        batches = [(images[i : i + size], labels[i : i + size]) for i in range(0, rows, size)]
        given = {"passes": passes, "lr": lr} if passes else DEFAULTS
        for losses, after, settings in (("losses", "first", given), ("again", "second", DEFAULTS)):
            expected, weights = reference.sgd(weights, batches, **settings)
            found = array(back[losses], (len(expected),), "the losses")
            same(found, np.array(expected), tolerance, "train, losses", scale=0.1)
            flat = np.concatenate([part.ravel() for part in weights])
            same(array(back[after], flat.shape, "the weights"), flat, tolerance, "train, weights")
    back = student.run(CENTRED, returns=["moved", "trained"], draw=int(rng.integers(2**31)))
    if back["moved"] or not back["trained"]:
        raise Missed("train: a centred network is not trained, or its frozen copy is")


def unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def single(part: np.ndarray) -> np.ndarray:
    return part.astype(np.float32).astype(np.float64)
