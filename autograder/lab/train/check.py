"""train: parity with plain SGD, in float64, on a tiny network with given weights. Nothing is left
to chance."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...checks.ask import Ask, array, at_least, close, equal, require
from ...checks.base import Check
from .. import reference
from .mistakes import CATALOGUE

check = Check("train", mistakes=CATALOGUE)

PROBE = """
import torch
from torch.utils.data import DataLoader, TensorDataset
with torch.random.fork_rng(devices=[]):
    torch.manual_seed(0)
    net = torch.nn.Sequential(
        torch.nn.Flatten(), torch.nn.Linear(9, 5), torch.nn.ReLU(), torch.nn.Linear(5, 1)
    ).double()
    with torch.no_grad():
        for parameter, value in zip(net.parameters(), (w, b, a, c)):
            parameter.copy_(torch.from_numpy(value.copy()))
    data = TensorDataset(torch.from_numpy(images.copy()), torch.from_numpy(labels.copy()))
    losses = train(net, DataLoader(data, batch_size=int(batch)), N_passes=int(passes), lr=lr)
after = torch.cat([parameter.detach().reshape(-1) for parameter in net.parameters()])
"""
BARE = """
import torch
from torch.utils.data import DataLoader, TensorDataset
def made():
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        net = torch.nn.Sequential(
            torch.nn.Flatten(), torch.nn.Linear(9, 5), torch.nn.ReLU(), torch.nn.Linear(5, 1)
        ).double()
    with torch.no_grad():
        for parameter, value in zip(net.parameters(), (w, b, a, c)):
            parameter.copy_(torch.from_numpy(value.copy()))
    return net
data = TensorDataset(torch.from_numpy(images.copy()), torch.from_numpy(labels.copy()))
one, two = made(), made()
with torch.random.fork_rng(devices=[]):
    train(one, DataLoader(data, batch_size=int(batch)))
    train(two, DataLoader(data, batch_size=int(batch)), N_passes=int(passes), lr=lr)
bare, told = (torch.cat([p.detach().reshape(-1) for p in net.parameters()]) for net in (one, two))
trainable = all(p.requires_grad for p in two.parameters())
"""
UNUSUAL = (
    "For other labels than the lab's, a batch of one image or large gradients the trained weights "
    "are not those of plain SGD: is something fixed, left out or cut off?"
)
# over 400 draws: float32 targets are at most 7e-9 off, a weight decay of 1e-3 at least 7e-5
PARITY = 1e-6
STILL = "The network's weights did not change: is a step taken?"
ROWS, BATCH, PASSES, LR = 11, 3, 3, 0.05  # four batches a pass, the last one of two
DEFAULTS: dict[str, Any] = {"passes": 1, "lr": 0.01}  # train(net, trainloader, N_passes=1, lr=0.01)


def problem(rng: np.random.Generator, shift: float = 0.0) -> dict:
    """Weights, images and labels of a small random problem, in which plain SGD is stable whatever
    was drawn.

    |x| = 1.5, |w_r| = |a| = 1 and |b_r| <= .2 bound the squared gradient of the output by 19 (it is
    3 typically), so that 2 lr · 19 < 2: rounding errors do not grow. shift: added to the outputs.
    """
    # both in every batch, else some mistakes do not show
    labels = np.tile(rng.permuted([1, 3]), ROWS)[:ROWS]
    return {
        "w": unit(rng.standard_normal((5, 9))),
        "b": rng.uniform(-0.2, 0.2, 5),
        "a": unit(rng.standard_normal((1, 5))),
        "c": rng.uniform(-0.2, 0.2, 1) + shift,
        "images": 1.5 * unit(rng.standard_normal((ROWS, 9))).reshape(ROWS, 1, 3, 3),
        "labels": labels.astype(np.int64),
    }


def unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def given(p: dict) -> tuple:
    return p["w"], p["b"], p["a"], p["c"]


def batches(p: dict, size: int) -> list:
    rows = p["images"].reshape(len(p["images"]), -1)
    return [(rows[i : i + size], p["labels"][i : i + size]) for i in range(0, len(rows), size)]


def flat(weights: tuple) -> np.ndarray:
    return np.concatenate([part.ravel() for part in weights])


def short(ask: Ask) -> tuple[dict, dict]:
    """Three passes with a partial last batch: the problem and what came back, asked once."""

    def make(rng: np.random.Generator) -> tuple[dict, dict]:
        # a first loss far from zero: its relative error stays that of the targets
        p = problem(rng, shift=3.0)
        return p, ask.run(PROBE, ["losses", "after"], batch=BATCH, passes=PASSES, lr=LR, **p)

    return ask.once("three passes", make)


def unusual(ask: Ask) -> tuple[dict, dict]:
    """Any labels, a last batch of one image and large gradients; with and without the defaults of
    the arguments."""

    def make(rng: np.random.Generator) -> tuple[dict, dict]:
        p = problem(rng, shift=20.0)
        p["labels"] = rng.permuted(np.arange(ROWS) % 10).astype(np.int64)
        return p, ask.aside(BARE, ["bare", "told", "trainable"], batch=5, **DEFAULTS, **p)

    return ask.once("defaults", make)


def losses_of(back: dict) -> np.ndarray:
    return array(back["losses"], (None,), "the returned list of losses")


@check.criterion(
    "first loss", 1, "Before any step the loss is the mean square error against labels / 9."
)
def first_loss(ask: Ask) -> None:
    p, back = short(ask)
    found = losses_of(back)
    require(len(found) > 0, "The returned list is empty: append the loss of each step.")
    x, labels = batches(p, BATCH)[0]
    out, target = reference.forward(given(p), x), labels[:, None] / 9
    close(
        found[:1],
        [np.mean((out - target) ** 2)],
        PARITY,
        "The first loss is not the mean square error between outputs and labels / 9 of the first "
        "batch.",
    )


@check.criterion(
    "learning rate",
    0.5,
    "The first step goes downhill, and twice the learning rate makes it twice as long.",
)
def learning_rate(ask: Ask) -> None:
    p = problem(ask.rng, shift=-5.0)  # far below any targets, so that only the step is judged here
    start, moves = flat(given(p)), []
    downhill = start - flat(reference.sgd(given(p), batches(p, ROWS), 1, 1.0)[1])
    for lr in (0.02, 0.04):
        back = ask.run(PROBE, ["after"], batch=ROWS, passes=1, lr=lr, **p)
        after = array(back["after"], start.shape, "the trained network's weights")
        require(np.any(after != start), STILL, found=after, expected=start - lr * downhill)
        moves.append((after - start) / lr)
    cosine = -moves[0] @ downhill / np.linalg.norm(moves[0]) / np.linalg.norm(downhill)
    at_least(cosine, 0.1, "The first step does not go down the gradient of the loss.")
    close(
        moves[1],
        moves[0],
        PARITY,
        "The length of the first step is not proportional to lr: is the argument used?",
    )


@check.criterion(
    "steps",
    0.5,
    "One loss is returned for each step, N_passes times over the loader.",
    "learning rate",
)
def steps(ask: Ask) -> None:
    _, back = short(ask)
    count, in_pass = len(losses_of(back)), -(-ROWS // BATCH)
    equal(
        count,
        PASSES * in_pass,
        f"{count} losses came back for {PASSES} passes over {in_pass} batches: one for each step "
        "is asked for.",
    )
    _, back = unusual(ask)
    close(
        array(back["bare"], None, "the trained network's weights"),
        array(back["told"], None, "the trained network's weights"),
        PARITY,
        "Called without N_passes and lr it should make one pass with lr = 0.01, as its first line "
        "says.",
    )


@check.criterion("losses", 1, "All losses agree with plain SGD from the same weights.")
def losses(ask: Ask) -> None:
    p, back = short(ask)
    found = losses_of(back)
    expected = np.array(reference.sgd(given(p), batches(p, BATCH), PASSES, LR)[0])
    equal(len(found), len(expected), "The number of losses is not the number of steps.")
    require(
        len(set(found.tolist())) > 1,
        "All losses are the same number: does the list hold one tensor, changed in place?",
        found=found,
        expected=expected,
    )
    close(
        found,
        expected,
        PARITY,
        "The losses drift away from plain SGD's: look at the gradients (reset at every step?), "
        "the optimiser and its options.",
    )


@check.criterion("weights", 1, "The trained weights agree with plain SGD from the same weights.")
def weights(ask: Ask) -> None:
    p, back = short(ask)
    found = array(back["after"], flat(given(p)).shape, "the trained network's weights")
    expected = flat(reference.sgd(given(p), batches(p, BATCH), PASSES, LR)[1])
    require(np.any(found != flat(given(p))), STILL, found=found, expected=expected)
    close(
        found,
        expected,
        PARITY,
        "The trained weights are not those of plain SGD with this learning rate and loss.",
    )
    p, back = unusual(ask)
    found = array(back["told"], expected.shape, "the trained network's weights")
    close(found, flat(reference.sgd(given(p), batches(p, 5), **DEFAULTS)[1]), PARITY, UNUSUAL)
    require(
        back["trainable"] is True,
        "After training the network's parameters ask for no gradients any more.",
    )
