"""The second lab's checkpoints: right answers in many styles get one line, mistakes three lines
that help."""

from __future__ import annotations

import copy
import inspect

import numpy as np
import pytest
import torch
from torch import nn

from ntk_helpers.checkpoints import CheckpointFailed, checkpoint
from ntk_helpers.checkpoints import alignment as alignment_checkpoint
from ntk_helpers.checkpoints import empirical_ntk as empirical_ntk_checkpoint
from ntk_helpers.checkpoints import predicted_loss as predicted_loss_checkpoint
from ntk_helpers.checkpoints import rich_net as rich_net_checkpoint
from ntk_helpers.checkpoints import scaled as scaled_checkpoint
from ntk_helpers.rich import TwoLayer, parity
from ntk_helpers.training import Centered


def trained(net):
    return [weight for weight in net.parameters() if weight.requires_grad]


def rows(net, points, weights=None):
    weights = weights or trained(net)
    return torch.stack(
        [
            torch.cat([g.flatten() for g in torch.autograd.grad(net(point[None]).sum(), weights)])
            for point in points
        ]
    )


def looped(net, x, xprime):
    return rows(net, x) @ rows(net, xprime).T


def functional(net, x, xprime):
    weights = {n: w.detach() for n, w in net.named_parameters() if w.requires_grad}

    def one(given, point):
        return torch.func.functional_call(net, given, (point[None],))[0, 0]

    left, right = (
        torch.func.vmap(torch.func.grad(one), (None, 0))(weights, points) for points in (x, xprime)
    )
    return sum(left[n].flatten(1) @ right[n].flatten(1).T for n in weights)


def jacobians(net, x, xprime):
    weights = {n: w.detach() for n, w in net.named_parameters() if w.requires_grad}

    def outputs(given, points):
        return torch.func.functional_call(net, given, (points,))[:, 0]

    left, right = (torch.func.jacrev(outputs)(weights, points) for points in (x, xprime))
    return sum(left[n].flatten(1) @ right[n].flatten(1).T for n in weights)


def on_a_copy(net, x, xprime):
    twin, stacks = copy.deepcopy(net), []
    for points in (x, xprime):
        stack = []
        for i in range(len(points)):
            twin.zero_grad()
            twin(points[i : i + 1]).backward()
            parts = [w.grad.clone().flatten() for w in trained(twin)]
            stack.append(torch.cat(parts))
        stacks.append(torch.stack(stack))
    return stacks[0] @ stacks[1].T


def pairwise(net, x, xprime):
    values = [[(rows(net, a[None]) * rows(net, b[None])).sum() for b in xprime] for a in x]
    return torch.tensor(values, dtype=torch.float64)


def leaves_gradients(net, x, xprime):
    for point in (*x, *xprime):
        net.zero_grad()
        net(point[None]).backward()
    return looped(net, x, xprime)


def accumulates(net, x, xprime):
    twin, stacks = copy.deepcopy(net), []
    for points in (x, xprime):
        stack = []
        for point in points:
            twin(point[None]).backward()
            stack.append(torch.cat([w.grad.clone().flatten() for w in trained(twin)]))
        stacks.append(torch.stack(stack))
    return stacks[0] @ stacks[1].T


def in_training_mode(net, x, xprime):
    net.train()
    return looped(net, x, xprime)


def steps_away(net, x, xprime):
    found = looped(net, x, xprime)
    with torch.no_grad():
        for weight in trained(net):
            weight += 0.1
    return found


def also_frozen(net, x, xprime):
    twin = copy.deepcopy(net)
    for weight in twin.parameters():
        weight.requires_grad_(True)
    return looped(twin, x, xprime)


def last_layer(net, x, xprime):
    weights = trained(net)[-1:]
    return rows(net, x, weights) @ rows(net, xprime, weights).T


def thaws(net, x, xprime):
    found = looped(net, x, xprime)
    for weight in net.parameters():
        weight.requires_grad_(True)
    return found


def predicted(K, y, lr, T, exponent=2, size=None, start=0, power=1, turn=True):
    n = size or len(y)
    values, U = torch.linalg.eigh(K.double())
    along = (U.T if turn else U) @ y.double() if turn is not None else y.double()
    factors = torch.stack(
        [(1 - 2 * lr * values**power / n) ** (exponent * t) for t in range(T + 1)]
    )
    return (factors * along**2).sum(dim=1)[start:] / n


def stepwise(K, y, lr, T):
    f, losses = torch.zeros_like(y), []
    for _ in range(T + 1):
        losses.append(((f - y) ** 2).mean())
        f = f - 2 * lr / len(y) * K @ (f - y)
    return torch.stack(losses)


class Scaled(nn.Module):
    def __init__(self, net, alpha):
        super().__init__()
        self.net, self.alpha = net, alpha
        self.initial = self.copied(net)

    def copied(self, net):
        return copy.deepcopy(net).requires_grad_(False)

    def forward(self, x):
        return self.alpha * (self.net(x) - self.initial(x))

    def parameters(self, recurse=True):
        return self.net.parameters(recurse)


class OnCentered(Centered):
    def __init__(self, net, alpha):
        super().__init__(net)
        self.alpha = alpha

    def forward(self, x):
        return self.alpha * super().forward(x)


class Unregistered(nn.Module):
    def __init__(self, net, alpha):
        super().__init__()
        self.net, self.alpha, self._start = net, alpha, [copy.deepcopy(net)]

    @property
    def initial(self):
        return self._start[0]

    def forward(self, x):
        return (self.net(x) - self.initial(x).detach()) * self.alpha


class NoCopy(Scaled):
    def copied(self, net):
        return net


class BothTrained(Scaled):
    def parameters(self, recurse=True):
        return nn.Module.parameters(self, recurse)


class NotScaled(Scaled):
    def forward(self, x):
        return self.net(x) - self.initial(x)


class NotCentered(Scaled):
    def forward(self, x):
        return self.alpha * self.net(x)


class HalfScaled(Scaled):
    def forward(self, x):
        return self.alpha * self.net(x) - self.initial(x)


class Squared(Scaled):
    def forward(self, x):
        return self.alpha**2 * (self.net(x) - self.initial(x))


class Flat(Scaled):
    def forward(self, x):
        return super().forward(x)[:, 0]


class Renamed(Scaled):
    def __init__(self, net, alpha):
        super().__init__(net, alpha)
        self.start = self.initial
        del self.initial


RIGHT = [
    *(("empirical_ntk", answer) for answer in (looped, functional, jacobians, on_a_copy, pairwise)),
    ("predicted_loss", predicted),
    ("predicted_loss", stepwise),
    *(("scaled", answer) for answer in (Scaled, OnCentered, Unregistered)),
    ("alignment", lambda K, y: float(y @ K @ y / (y @ y * torch.linalg.norm(K)))),
    ("alignment", lambda K, y: ((K * torch.outer(y, y)).sum() / K.norm() / y.norm() ** 2).item()),
    ("alignment", lambda K, y: float(np.einsum("i,ij,j", y, K, y) / (y @ y) / np.linalg.norm(K))),
]
WRONG = [
    ("empirical_ntk", leaves_gradients, "every .grad"),
    ("empirical_ntk", accumulates, "one point at a time"),
    ("empirical_ntk", in_training_mode, "mode"),
    ("empirical_ntk", steps_away, "other weights"),
    ("empirical_ntk", also_frozen, "which parameters"),
    ("empirical_ntk", last_layer, "with respect to w and to b"),
    ("empirical_ntk", thaws, "requires_grad"),
    ("empirical_ntk", lambda net, x, xprime: looped(net, x, x), "shape"),
    ("empirical_ntk", lambda net, x, xprime: looped(net, x, xprime).T, "shape"),
    ("empirical_ntk", lambda net, x, xprime: looped(net, x, xprime).numpy(), "ndarray"),
    ("empirical_ntk", lambda net, x, xprime: None, "NoneType"),
    ("empirical_ntk", lambda net, x, xprime: net(x) @ net(xprime).T, "with respect to w"),
    ("empirical_ntk", lambda net, x, xprime: looped(net, x, xprime) / 0, "nan or inf"),
    ("predicted_loss", lambda *q: predicted(*q, exponent=1), "square of the error"),
    ("predicted_loss", lambda *q: predicted(*q, size=1), "where n enters"),
    ("predicted_loss", lambda *q: predicted(*q, start=1), "T \\+ 1 losses"),
    ("predicted_loss", lambda *q: predicted(*q, power=-1), "which eigenvalue|where n enters"),
    ("predicted_loss", lambda *q: predicted(*q, turn=None), "which eigenvalue|coordinates"),
    ("predicted_loss", lambda K, y, lr, T: predicted(K, y, lr / 2, T), "one point"),
    ("predicted_loss", lambda K, y, lr, T: predicted(K, y, min(lr, 0.9), T), "below -1|learned"),
    ("predicted_loss", lambda *q: predicted(*q).tolist(), "list"),
    ("predicted_loss", lambda *q: predicted(*q) / 2, "square of the error"),
    ("scaled", NoCopy, "times"),
    ("scaled", BothTrained, "4 parameters"),
    ("scaled", NotScaled, "found:    1 times"),
    ("scaled", Squared, "found:    16 times"),
    ("scaled", NotCentered, "zero before training"),
    ("scaled", HalfScaled, "zero before training"),
    ("scaled", Flat, r"\(5, 1\)"),
    ("scaled", Renamed, "`initial`"),
    ("scaled", Scaled(TwoLayer(3), 1.0), "the class"),
    ("alignment", lambda K, y: float(y @ K @ y / (y @ y * torch.trace(K))), "sum of squares"),
    ("alignment", lambda K, y: float(y @ K @ y / (len(y) * K.norm())), "not n"),
    ("alignment", lambda K, y: float(y @ K @ y / (y.norm() * K.norm())), "two norms"),
    ("alignment", lambda K, y: float(y @ K @ y / (y @ y)), "two norms"),
    ("alignment", lambda K, y: float(y @ K @ y / (y @ y * K.norm() ** 2)), "two norms"),
    ("alignment", lambda K, y: y @ K @ y / (y @ y * K.norm()), "float"),
]


@pytest.mark.parametrize(("exercise", "answer"), RIGHT)
def test_right_answers_pass_with_one_line(exercise, answer, capfd):
    checkpoint(exercise, answer)
    out, err = capfd.readouterr()
    assert out.lower().startswith(exercise) and out.count("\n") == 1 and err == ""
    assert out.endswith(".\n")


@pytest.mark.parametrize(("exercise", "answer", "message"), WRONG)
def test_wrong_answers_are_told_what_to_look_at(exercise, answer, message, capfd):
    with pytest.raises(CheckpointFailed, match=message) as caught:
        checkpoint(exercise, answer)
    assert capfd.readouterr() == ("", "")
    lines = caught.value._render_traceback_()
    assert lines[0] == "Not yet." and 3 <= len(lines) <= 4
    assert all("\n" not in line for line in lines)


@pytest.mark.parametrize("exercise", ["empirical_ntk", "predicted_loss", "alignment"])
def test_the_stub_is_an_answer_that_is_missing(exercise):
    def stub(*args):
        raise NotImplementedError

    with pytest.raises(CheckpointFailed, match="NotImplementedError"):
        checkpoint(exercise, stub)


@pytest.fixture(scope="module")
def data():
    return parity(200, torch.Generator().manual_seed(0))


@pytest.fixture(scope="module")
def fitted(data):
    """A rich network, trained as the exercise asks."""
    x, y = data
    net = Scaled(TwoLayer(512, generator=torch.Generator().manual_seed(1)), 0.05)
    with torch.no_grad():
        kernel = rows_of_two_layer(net.net, x)
        lr = len(x) / (4 * 0.05**2 * torch.linalg.eigvalsh(kernel)[-1].item())
    for _ in range(150):
        loss = ((net(x)[:, 0] - y) ** 2).mean()
        gradients = torch.autograd.grad(loss, list(net.parameters()))
        with torch.no_grad():
            for weight, gradient in zip(net.parameters(), gradients, strict=True):
                weight -= lr * gradient
    return net


def rows_of_two_layer(net, x):
    before = x @ net.w.T
    gate, hidden = (before > 0) * net.a, before.clamp(min=0)
    return ((x @ x.T) * (gate @ gate.T) + hidden @ hidden.T) / len(net.a)


def test_rich_net_accepts(fitted, data, capsys):
    checkpoint("rich_net", fitted, *data)
    out, err = capsys.readouterr()
    assert "fits its 200 points" in out and out.count("\n") == 1 and not err


def test_rich_net_rejects(fitted, data):
    def said(net):
        with pytest.raises(CheckpointFailed) as failure:
            checkpoint("rich_net", net, *data)
        return str(failure.value)

    assert "Scaled" in said(fitted.net)
    assert "α = 0.05" in said(Scaled(TwoLayer(512), 5.0))
    assert "512" in said(Scaled(TwoLayer(100), 0.05))
    assert "as they started" in said(Scaled(TwoLayer(512), 0.05))
    spoiled = copy.deepcopy(fitted)
    spoiled.net.a.data *= 1.2
    assert "the limit of which kernel" in said(spoiled)
    spoiled.net.w.data[0, 0] = torch.nan
    assert "exploded" in said(spoiled)


@pytest.mark.parametrize(
    ("module", "revealing"),
    [
        (empirical_ntk_checkpoint, ["autograd.grad(", "functional_call", "jacrev"]),
        (predicted_loss_checkpoint, ["eigh(", "** (2", "exp("]),
        (scaled_checkpoint, ["deepcopy", "requires_grad", ".initial"]),
        (rich_net_checkpoint, ["eigvalsh", "lr", "backward"]),
        (alignment_checkpoint, ["@", "norm("]),
    ],
)
def test_the_source_does_not_hold_the_solution(module, revealing):
    source = inspect.getsource(module)
    assert not [piece for piece in revealing if piece in source]
