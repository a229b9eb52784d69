"""What the second lab's checks compare with, against other derivations: finite differences, plain
loops, torch's own draws."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.lab import networks, reference
from autograder.lab.empirical_ntk import check as entk
from autograder.lab.rich_net import task
from autograder.lab.scaled import check as scaled

PLANS = {
    "relu": (entk.MLP, (5,)),
    "bare": (entk.BARE, (6,)),
    "deep": (entk.TANH, (4,)),
    "convolution": (entk.CONV, (2, 5, 4)),
    "two convolutions": (
        [["conv", 1, 2, 2], ["tanh"], ["conv", 2, 3, 2], ["flatten", 1], ["linear", 12, 1]],
        (1, 4, 4),
    ),
    "one layer twice": (entk.TWICE, (5,)),
    "batch norm": (entk.STEADY, (4,)),
}


@pytest.fixture
def rng():
    return np.random.default_rng(30)


@pytest.mark.parametrize("name", PLANS)
def test_gradients_are_slopes(name, rng):
    """Every gradient, with respect to weights and to inputs, against a central difference."""
    plan, shape = PLANS[name]
    weights, x = networks.draw(plan, rng), rng.standard_normal((3, *shape))
    _, gradients, slope = networks.run(plan, weights, x)
    assert set(gradients) == set(networks.parameters(weights))
    step = 1e-6

    def difference(change):
        return (change(step) - change(-step)) / (2 * step)

    for weight, found in gradients.items():
        for i in rng.integers(0, weights[weight].size, 4):

            def outputs(by, weight=weight, i=i):
                moved = weights[weight].copy()
                moved.flat[i] += by
                return networks.outputs(plan, weights | {weight: moved}, x)

            assert found[:, i] == pytest.approx(difference(outputs), abs=1e-7)
    for i in range(slope.shape[1]):

        def shifted(by, i=i):
            rows = x.reshape(3, -1).copy()
            rows[:, i] += by
            return networks.outputs(plan, weights, rows.reshape(x.shape))

        assert slope[:, i] == pytest.approx(difference(shifted), abs=1e-7)


def test_two_ways_to_the_kernel_of_the_barest_network(rng):
    weights = networks.draw(entk.BARE, rng)
    x, other = rng.standard_normal((4, 6)), rng.standard_normal((3, 6))
    left, right = (networks.features(entk.BARE, weights, part) for part in (x, other))
    w, a = weights["0.w"], weights["0.a"]
    assert left @ right.T == pytest.approx(reference.network_ntk(x, w, a, other), rel=1e-12)
    assert networks.outputs(entk.BARE, weights, x) == pytest.approx(reference.two_layer(w, a, x))


def test_the_loss_is_that_of_gradient_descent(rng):
    """Step by step, for a singular kernel and beyond the limit of stability too."""
    for rank, part in ((9, 0.6), (4, 0.9), (9, 1.3)):
        root = rng.standard_normal((9, rank))
        k, y = root @ root.T, rng.standard_normal(9)
        lr = part * 9 / np.linalg.eigvalsh(k)[-1]
        f, losses = np.zeros(9), []
        for _ in range(31):
            losses.append(np.mean((f - y) ** 2))
            f = f - lr * k @ (2 * (f - y) / 9)
        assert reference.predicted_loss(k, y, lr, 30) == pytest.approx(losses, rel=1e-9)


def test_alignment_is_a_cosine(rng):
    y = rng.standard_normal(8)
    assert reference.alignment(np.outer(y, y), y) == pytest.approx(1)
    assert reference.alignment(np.eye(16), np.ones(16)) == pytest.approx(1 / 4)
    root = rng.standard_normal((8, 8))
    k = root @ root.T
    assert reference.alignment(7 * k, -3 * y) == pytest.approx(reference.alignment(k, y))


@pytest.mark.parametrize("seed", [0, 1, 2026])
def test_the_grader_draws_the_points_that_torch_draws(seed):
    import torch

    from ntk_helpers.rich import parity

    x, y = parity(40, torch.Generator().manual_seed(seed), 7)
    mine, labels = reference.parity(40, seed, 7)
    assert mine == pytest.approx(x.double().numpy(), abs=1e-7)
    assert np.array_equal(labels, y.numpy())


def test_what_is_measured_of_a_rich_network():
    """A network made by hand that knows the answer: two inputs have all the weights."""
    w, a = np.zeros((6, 30)), np.zeros(6)
    for r, (s, t, sign) in enumerate([(1, 1, 1), (-1, -1, 1), (1, -1, -1), (-1, 1, -1)]):
        w[r, :2], a[r] = (s, t), sign
    zeros = task.Pair(w, a, 0 * w + 1, 0 * a, 0.5)
    x, y = reference.parity(500, 3)
    assert task.accuracy(zeros, x, y) == 1 and task.share(zeros) == 1
    assert task.share(zeros, "initial") == 0
    fresh = np.random.default_rng(1)
    start = task.Pair(w, a, fresh.standard_normal((512, 30)), fresh.standard_normal(512), 1)
    assert task.share(start, "initial") == pytest.approx(2 / 30, abs=0.02)


def test_training_is_followed_as_torch_does_it(rng):
    """The weights after three steps, by NumPy and by the right answer."""
    from autograder.door.student import InProcessStudent
    from tests.helpers.answers import load

    p, x = scaled.question(scaled.DEEP, rng, 0.6), rng.standard_normal((7, 4))
    y = rng.standard_normal(7)
    student = InProcessStudent(load("scaled", "right-reference"))
    back = student.run(
        scaled.TRAINING, returns=["inner", "initial"], x=x, y=y, lr=0.2, steps=3, **p
    )
    assert back["inner"] == pytest.approx(scaled.trained(p, x, y, 0.2, 3), abs=1e-12)
    assert np.array_equal(back["initial"], scaled.flat(scaled.side(p, "old")))
