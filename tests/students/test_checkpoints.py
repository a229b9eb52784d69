"""Notebook 1's checkpoints: right answers in many styles get one line, mistakes three lines that
help."""

from __future__ import annotations

import copy
import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn, optim

from ntk_helpers.checkpoints import CheckpointFailed, checkpoint
from ntk_helpers.data import fashion_pair
from ntk_helpers.training import Centered


def fails(exercise, *objects) -> str:
    with pytest.raises(CheckpointFailed) as failure:
        checkpoint(exercise, *objects)
    return str(failure.value)


def passes(capsys, exercise, *objects) -> str:
    checkpoint(exercise, *objects)
    out, err = capsys.readouterr()
    assert out.count("\n") == 1 and not err
    return out


class Net(nn.Module):
    """A right MLPshallow whose parts can be spoiled by a subclass."""

    def __init__(self, hidden_dim=10):
        super().__init__()
        self.flatten = nn.Flatten()
        self.l1, self.lout = nn.Linear(784, hidden_dim), nn.Linear(hidden_dim, 1)
        self.start()

    def start(self):
        for layer in (self.l1, self.lout):
            nn.init.xavier_normal_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(self, x):
        return self.lout(F.relu(self.l1(self.flatten(x))))


class ByHand(Net):
    def start(self):
        for layer in (self.l1, self.lout):
            layer.weight.data.normal_(0, (2 / sum(layer.weight.shape)) ** 0.5)
            layer.bias.data.zero_()


class DefaultStart(Net):
    def start(self):
        pass


class KaimingStart(Net):
    def start(self):
        super().start()
        nn.init.kaiming_normal_(self.l1.weight)


class NoRelu(Net):
    def forward(self, x):
        return self.lout(self.l1(self.flatten(x)))


class Squeezed(Net):
    def forward(self, x):
        return super().forward(x).squeeze(1)


class Sigmoid(Net):
    def forward(self, x):
        return torch.sigmoid(super().forward(x))


class Transposed(Net):
    def __init__(self, hidden_dim=10):
        super().__init__(hidden_dim)
        self.lout = nn.Linear(hidden_dim, 10)


@pytest.mark.parametrize("network", [Net, ByHand])
def test_mlp_accepts(network, capsys):
    for seed in range(20):
        torch.manual_seed(seed)
        assert "MLPshallow" in passes(capsys, "mlp", network)


@pytest.mark.parametrize(
    ("network", "word"),
    [
        (DefaultStart, "bias"),
        (KaimingStart, "xavier"),
        (NoRelu, "ReLU"),
        (Squeezed, "(3, 1)"),
        (Sigmoid, "nothing after"),
        (Transposed, "lout.weight"),
        (Net(), "class"),
    ],
)
def test_mlp_rejects(network, word):
    torch.manual_seed(0)
    assert word in fails("mlp", network)


def trainer(make=optim.SGD, divide=9.0, keep=lambda loss: loss.item(), zero=True, per="step"):
    def train(net, trainloader, N_passes=1, lr=0.01):
        optimizer, losses = make(net.parameters(), lr=lr), []
        for _ in range(N_passes):
            for images, labels in trainloader:
                if zero:
                    optimizer.zero_grad()
                loss = ((net(images) - labels.float()[:, None] / divide) ** 2).mean()
                loss.backward()
                optimizer.step()
                if per == "step":
                    losses.append(keep(loss))
        return losses

    return train


@pytest.mark.parametrize(
    "train",
    [
        trainer(),
        trainer(keep=lambda loss: loss.detach().numpy()),
        trainer(keep=lambda loss: loss.detach()),
    ],
    ids=["numbers", "arrays", "tensors"],
)
def test_train_accepts(train, capsys):
    assert "0.64" in passes(capsys, "train", train)


@pytest.mark.parametrize(
    ("train", "word"),
    [
        (trainer(divide=10), "label / 9"),
        (trainer(make=optim.Adam), "steps"),
        (trainer(zero=False), "steps"),
        (trainer(make=lambda p, lr: optim.SGD(p, lr=0.01)), "lr"),
        (trainer(make=lambda p, lr: optim.SGD(p, lr=lr, momentum=0.9)), "steps"),
        (trainer(per="never"), "append"),
        (lambda net, trainloader, N_passes=1, lr=0.01: None, "list"),
        (lambda net, trainloader, N_passes=1, lr=0.01: [1.0] * N_passes, "does not move"),
        (lambda net, trainloader, N_passes=1, lr=0.01: [1.0, 0.64, 0.4096], "in place"),
    ],
    ids=["tenths", "adam", "no-zero", "lr", "momentum", "no-losses", "none", "constant", "made-up"],
)
def test_train_rejects(train, word):
    assert word in fails("train", train)


def middle(net, images):
    return 1 + 2 * (9 * net(images).detach().squeeze(1) > 2)


def nearest(net, images):
    outputs = 9 * net(images).detach()
    return torch.tensor([1, 3])[(outputs - torch.tensor([1.0, 3.0])).abs().argmin(dim=1)]


@pytest.mark.parametrize("predict", [middle, nearest, lambda n, x: middle(n, x).numpy()])
def test_predict_accepts(predict, capsys):
    assert "threshold" in passes(capsys, "predict", predict)


@pytest.mark.parametrize(
    ("predict", "word"),
    [
        (lambda net, x: middle(net, x)[:, None], "(4,)"),
        (lambda net, x: middle(net, x).float(), "integers"),
        (lambda net, x: 4 - middle(net, x), "nearer"),
        (lambda net, x: 1 + 2 * (net(x)[:, 0] > 2), "nearer"),
        (lambda net, x: net(x)[:, 0] > 2 / 9, "whole numbers"),
    ],
)
def test_predict_rejects(predict, word):
    assert word in fails("predict", predict)


def kernel(delta=1.0, kappa1=True, dtype=None, safe=True):
    """A kernel in the style of a student's answer, right by default."""

    def ntk_kernel(x, xprime):
        x, xprime = (x, xprime) if dtype is None else (x.to(dtype), xprime.to(dtype))
        v = x.norm(dim=1)[:, None] * xprime.norm(dim=1)
        u = delta * (x @ xprime.T) / v
        u = u.clamp(-1, 1) if safe else u
        angle = torch.pi - torch.arccos(u)
        last = (u * angle + torch.sqrt(1 - u**2)) if kappa1 else 0
        return v * (u * angle + last) / (2 * torch.pi)

    return ntk_kernel


def looped(x, xprime):
    one = kernel()
    return torch.stack([torch.stack([one(a[None], b[None])[0, 0] for b in xprime]) for a in x])


@pytest.mark.parametrize(
    "answer",
    [
        kernel(),
        kernel(0.999999),
        kernel(0.99999),
        kernel(dtype=torch.float64),
        kernel(dtype=torch.float32),
        looped,
    ],
    ids=["clamp", "delta6", "delta5", "float64", "float32", "loops"],
)
def test_ntk_kernel_accepts(answer, capsys):
    assert "ntk_kernel" in passes(capsys, "ntk_kernel", answer)


def misplaced_bracket(x, xprime):
    v = x.norm(dim=1)[:, None] * xprime.norm(dim=1)
    u = 0.99999 * (x @ xprime.T) / v
    angle = torch.pi - torch.arccos(u)
    return v * (u * (angle + torch.sqrt(1 - u**2)) + u * angle) / (2 * torch.pi)


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (misplaced_bracket, "orthogonal"),
        (kernel(kappa1=False), "|x|²"),
        (kernel(safe=False), "rounds"),
        (lambda x, y: kernel()(x, y)[:, :1], "shape"),
        (lambda x, y: x @ y.T, "orthogonal"),
        (lambda x, y: torch.zeros(len(x), len(y)), "|x|²"),
        (lambda x, y: kernel()(x, y) / (x.norm(dim=1)[:, None] * y.norm(dim=1)) * 25, "orthogonal"),
        (lambda x, y: kernel()(x, y).numpy(), "tensor"),
    ],
    ids=["bracket", "first-only", "nan", "shape", "linear", "zeros", "norms", "numpy"],
)
def test_ntk_kernel_rejects(answer, word):
    assert word in fails("ntk_kernel", answer)


@pytest.mark.parametrize(
    "answer",
    [
        lambda H, y: float((2 * y @ torch.linalg.solve(H, y) / len(y)) ** 0.5),
        lambda H, y: (2 * y @ torch.linalg.inv(H) @ y / len(y)).sqrt().item(),
        lambda H, y: np.sqrt(2 * y.numpy() @ np.linalg.solve(H.numpy(), y.numpy()) / len(y)),
    ],
)
def test_gen_bound_accepts(answer, capsys):
    assert "1.0801" in passes(capsys, "gen_bound", answer)


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (lambda H, y: math.sqrt(y @ torch.linalg.solve(H, y) / len(y)), "factor 2"),
        (lambda H, y: math.sqrt(2 * y @ torch.linalg.solve(H, y) / 200), "number of points"),
        (lambda H, y: float(2 * y @ torch.linalg.solve(H, y) / len(y)), "root"),
        (lambda H, y: torch.sqrt(2 * y @ torch.linalg.solve(H, y) / len(y)), "float"),
        (lambda H, y: math.sqrt(3.5 / 3), "4H"),
    ],
)
def test_gen_bound_rejects(answer, word):
    assert word in fails("gen_bound", answer)


@pytest.fixture(scope="module")
def data():
    return fashion_pair(20)


@pytest.fixture(scope="module")
def interpolating(data):
    """A centred network fitted by its last layer alone: quick, and through all points."""
    images, labels = data
    torch.manual_seed(0)
    lazy_net = Centered(Net(1000))
    with torch.no_grad():
        hidden = F.relu(lazy_net.net.l1(images.flatten(1)))
        step = torch.linalg.lstsq(
            hidden.double(), labels.double()[:, None] / 9, driver="gelsd"
        ).solution
        lazy_net.net.lout.weight += step.T.float()
        lazy_net.net.l1.weight += 1e-6
    return lazy_net


def test_interpolate_accepts(interpolating, data, capsys):
    assert "all 20 training points" in passes(capsys, "interpolate", interpolating, *data)


def test_interpolate_rejects(interpolating, data):
    spoiled = copy.deepcopy(interpolating)
    spoiled.net.lout.weight.data[0, :] *= 2
    assert "learning rate" in fails("interpolate", spoiled, *data)
    spoiled.net.lout.weight.data[0, 0] = torch.nan
    assert "learning rate" in fails("interpolate", spoiled, *data)
    assert "Centered" in fails("interpolate", interpolating.net, *data)
    assert "1000" in fails("interpolate", Centered(Net(10)), *data)
    assert "started" in fails("interpolate", Centered(Net(1000)), *data)
