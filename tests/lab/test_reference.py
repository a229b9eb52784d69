"""The trusted implementations against other derivations: arbitrary precision, finite differences,
limits."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest

from autograder.lab import reference
from tests.conftest import ASSIGNMENT, FIRST, ROOT


@pytest.fixture
def rng():
    return np.random.default_rng(20)


def exact_kernel(u: float) -> float:
    """[2u(π - arccos u) + √(1 - u²)] / 2π to 50 digits."""
    with mpmath.workdps(50):
        u = mpmath.mpf(u)
        return float(
            (2 * u * (mpmath.pi - mpmath.acos(u)) + mpmath.sqrt(1 - u * u)) / (2 * mpmath.pi)
        )


@pytest.mark.parametrize(
    "u", ["-1", "-.9", "-.5", "-.2", "0", ".3", ".5", ".9", ".99", ".999999", "1"]
)
def test_kernel_to_the_last_digit(u):
    value = float(u)
    x = np.array([[2.0, 0.0]])
    other = 3 * np.array([[value, np.sqrt((1 - value) * (1 + value))]])
    assert reference.relu_ntk(x, other)[0, 0] == pytest.approx(6 * exact_kernel(value), abs=3e-15)


def test_kernel_keeps_its_digits_for_nearly_parallel_inputs():
    theta = 1e-9
    x, other = np.array([[1.0, 0.0]]), np.array([[np.cos(theta), np.sin(theta)]])
    angle, _ = reference.angles(x, other)
    assert angle[0, 0] == pytest.approx(theta, rel=1e-12)


def test_kernel_is_the_limit_of_wide_networks(rng):
    x = rng.standard_normal((6, 5))
    exact = reference.relu_ntk(x, x)
    far = []
    for width in (1000, 100_000):
        wide = reference.network_ntk(x, rng.standard_normal((width, 5)), rng.standard_normal(width))
        far.append(np.linalg.norm(wide - exact) / np.linalg.norm(exact))
    assert far[1] < 0.015 and far[1] < far[0]


def test_network_kernel_is_made_of_gradients(rng):
    x, w, a = rng.standard_normal((2, 3)), rng.standard_normal((4, 3)), rng.standard_normal(4)

    def output(row, w, a):
        return a @ np.maximum(w @ row, 0) / np.sqrt(len(a))

    def gradient(row):
        flat = np.concatenate([w.ravel(), a])
        steps = 1e-6 * np.eye(len(flat))
        return np.array(
            [
                (output(row, *split(flat + s, w.shape)) - output(row, *split(flat - s, w.shape)))
                / 2e-6
                for s in steps
            ]
        )

    gradients = np.stack([gradient(row) for row in x])
    assert reference.network_ntk(x, w, a) == pytest.approx(gradients @ gradients.T, abs=1e-7)


def split(flat, shape):
    size = shape[0] * shape[1]
    return flat[:size].reshape(shape), flat[size:]


def test_hexagon_of_the_right_kernel_and_of_the_mistaken_one():
    turn = np.arange(6) * np.pi / 3
    x = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    assert np.linalg.eigvalsh(reference.relu_ntk(x, x))[0] == pytest.approx(0, abs=1e-14)
    theta, _ = reference.angles(x, x)
    u = np.cos(theta)
    mistaken = u * (2 * (np.pi - theta) + np.sin(theta)) / (2 * np.pi)
    assert np.linalg.eigvalsh(mistaken)[0] == pytest.approx(-np.sqrt(3) / (2 * np.pi), abs=1e-12)


def test_large_and_small_paths_of_the_angles_agree(rng):
    x, other = rng.standard_normal((90, 800)), rng.standard_normal((80, 800))
    large = reference.relu_ntk(x, other)
    small = np.concatenate([reference.relu_ntk(row[None], other) for row in x])
    assert large == pytest.approx(small, rel=1e-10)


def test_sgd_steps_along_the_gradient(rng):
    weights = (
        rng.standard_normal((3, 4)),
        rng.standard_normal(3),
        rng.standard_normal((1, 3)),
        rng.standard_normal(1),
    )
    x, labels = rng.standard_normal((5, 4)), np.array([1, 3, 3, 1, 3])

    def loss(parts):
        return np.mean((reference.forward(parts, x)[:, 0] - labels / 9) ** 2)

    losses, after = reference.sgd(weights, [(x, labels)], 1, 0.1)
    assert losses == [pytest.approx(loss(weights))]
    for i, part in enumerate(weights):
        for at in np.ndindex(part.shape):
            sides = []
            for sign in (1, -1):
                moved = [p.copy() for p in weights]
                moved[i][at] += sign * 1e-6
                sides.append(loss(moved))
            slope = (sides[0] - sides[1]) / 2e-6
            assert part[at] - after[i][at] == pytest.approx(0.1 * slope, abs=1e-8)


def test_sgd_equals_torch(rng):
    import torch

    weights = (
        rng.standard_normal((3, 4)),
        rng.standard_normal(3),
        rng.standard_normal((1, 3)),
        rng.standard_normal(1),
    )
    batches = [(rng.standard_normal((n, 4)), rng.choice([1, 3], n)) for n in (4, 4, 2)]
    net = torch.nn.Sequential(
        torch.nn.Linear(4, 3), torch.nn.ReLU(), torch.nn.Linear(3, 1)
    ).double()
    with torch.no_grad():
        for parameter, value in zip(net.parameters(), weights, strict=True):
            parameter.copy_(torch.from_numpy(value))
    optimizer, losses = torch.optim.SGD(net.parameters(), lr=0.05), []
    for _ in range(3):
        for x, labels in batches:
            optimizer.zero_grad()
            target = torch.from_numpy(labels).double()[:, None] / 9
            loss = torch.nn.functional.mse_loss(net(torch.from_numpy(x)), target)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    found, after = reference.sgd(weights, batches, 3, 0.05)
    assert found == pytest.approx(losses, rel=1e-12)
    for parameter, value in zip(net.parameters(), after, strict=True):
        assert value == pytest.approx(parameter.detach().numpy(), rel=1e-12)


def test_bound_in_arbitrary_precision(rng):
    base = rng.standard_normal((6, 6))
    h, y = base @ base.T + 0.1 * np.eye(6), rng.standard_normal(6)
    with mpmath.workdps(40):
        z = mpmath.lu_solve(mpmath.matrix(h.tolist()), mpmath.matrix(y.tolist()))
        exact = float(
            mpmath.sqrt(2 * sum(mpmath.mpf(a) * b for a, b in zip(y.tolist(), z, strict=True)) / 6)
        )
    assert reference.gen_bound(h, y) == pytest.approx(exact, rel=1e-12)


def test_descent_ends_at_the_nearest_interpolator_and_moves_in_few_directions(rng):
    x, y, w0 = rng.standard_normal((9, 3)), rng.standard_normal(3), rng.standard_normal(9)
    ws = reference.gradient_descent(x, y, w0, 0.02, 5000)
    nearest = reference.minimum_norm(x, y, w0)
    assert ws.shape == (5001, 9) and np.array_equal(ws[0], w0)
    assert ws[-1] == pytest.approx(nearest, abs=1e-9)
    assert x.T @ nearest == pytest.approx(y)
    moved = reference.lazy_directions(x, ws)
    assert moved[:6] == pytest.approx(0, abs=1e-12) and np.all(moved[6:] > 1e-3)


def test_nearest_label():
    outputs = np.array([0.0, 1.9, 2.1, 9.0, -4.0]) / 9
    assert reference.nearest_label(outputs, 1, 3).tolist() == [1, 1, 3, 3, 1]


def test_pixels_are_those_of_the_students():
    from ntk_helpers.data import fashion_pair

    images, labels = fashion_pair(200, (1, 3))
    x, truth, test, _ = reference.fashion()
    assert np.array_equal(x, images.flatten(1).numpy().astype(float))
    assert np.array_equal(truth, labels.numpy())
    assert test.shape == (2000, 784)


def test_known_figures_of_the_labs_images():
    x, _, _, truth = reference.fashion()
    assert np.linalg.eigvalsh(reference.relu_ntk(x, x))[0] == pytest.approx(14.675, abs=1e-3)
    assert np.mean(reference.kernel_predictions() == truth) == 0.97


@pytest.mark.slow
def test_the_barest_network_may_stand_for_the_labs():
    """What section 7 of notebook 1 says of its kernel and of the one with Xavier's scales and
    biases, in expectation at width 1000."""
    m, d = 1000, 784

    def with_biases(a, b):
        theta, v = reference.angles(a, b)
        first = v * np.cos(theta) * (np.pi - theta) / (2 * np.pi)
        last = reference.relu_ntk(a, b) - first
        bias = 2 * m / (m + 1) * (np.pi - theta) / (2 * np.pi) + 1
        return 2 * m / (m + 1) * first + 2 * m / (m + d) * last + bias

    x, labels, test, _ = reference.fashion()
    bare, own = reference.relu_ntk(x, x), with_biases(x, x)
    alike = (own * bare).sum() / (bare**2).sum() * bare
    assert np.linalg.norm(own - alike) / np.linalg.norm(own) == pytest.approx(0.015, abs=5e-4)
    found = [
        reference.nearest_label(reference.regression(gram, kernel(test, x), labels), 1, 3)
        for gram, kernel in ((own, with_biases), (bare, reference.relu_ntk))
    ]
    assert np.mean(found[0] == found[1]) == 0.9975
    words = (ROOT / "source" / ASSIGNMENT / f"{FIRST}.md").read_text()
    assert "1.5 % apart" in words and "99.75 % of the test images" in words
