"""The second lab's helpers: its network, its task, and every figure."""

from __future__ import annotations

import copy

import matplotlib
import numpy as np
import pytest
import torch

from ntk_helpers import rich_plots
from ntk_helpers.data import fashion_pair
from ntk_helpers.rich import TwoLayer, parity

matplotlib.use("Agg")


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def test_two_layer_is_its_formula():
    net, x = TwoLayer(7, inputs=4, generator=generator()), torch.randn(5, 4)
    w, a = net.w.detach().double().numpy(), net.a.detach().double().numpy()
    expected = np.maximum(x.double().numpy() @ w.T, 0) @ a / np.sqrt(7)
    outputs = net(x)
    assert outputs.shape == (5, 1) and outputs.requires_grad
    np.testing.assert_allclose(outputs.detach().numpy()[:, 0], expected, rtol=1e-5, atol=1e-6)
    assert {name: tuple(p.shape) for name, p in net.named_parameters()} == {"w": (7, 4), "a": (7,)}
    assert TwoLayer(512).w.shape == (512, 30)


def test_two_layer_starts_as_standard_gaussians_from_its_generator():
    net = TwoLayer(20_000, inputs=10, generator=generator(3))
    for weight, error in ((net.w, 0.005), (net.a, 0.01)):  # more than two standard errors
        assert abs(weight.mean()) < 3 * error and abs(weight.std() - 1) < 3 * error
    again = TwoLayer(20_000, inputs=10, generator=generator(3))
    assert torch.equal(net.w, again.w) and torch.equal(net.a, again.a)
    torch.manual_seed(5)
    first = TwoLayer(3)
    torch.manual_seed(5)
    assert torch.equal(first.w, TwoLayer(3).w)


def test_parity_is_the_product_of_the_first_two_signs():
    x, y = parity(4000, generator(), inputs=6)
    assert x.dtype == y.dtype == torch.float32 and x.shape == (4000, 6) and y.shape == (4000,)
    torch.testing.assert_close(x.abs(), torch.full((4000, 6), 6**-0.5))
    assert torch.equal(y, x[:, 0].sign() * x[:, 1].sign())
    # six standard errors: no coordinate, and no other pair, says anything
    assert (x.sign() * y[:, None]).mean(dim=0).abs().max() < 6 / 4000**0.5
    pairs = torch.einsum("ni,nj,n->ij", x.sign(), x.sign(), y).triu(1) / 4000
    assert pairs[0, 1] == 1 and pairs.flatten().sort()[0][-2] < 6 / 4000**0.5
    assert torch.equal(parity(9, generator(1))[0], parity(9, generator(1))[0])
    assert parity(9, generator(1))[0].shape == (9, 30)


@pytest.fixture
def shown(monkeypatch):
    seen = []
    monkeypatch.setattr(rich_plots, "show", lambda fig, alt: seen.append((fig, alt)))
    yield seen
    for fig, alt in seen:
        fig.canvas.draw()  # a figure that cannot be drawn fails here
        assert 30 < len(alt) < 200
        matplotlib.pyplot.close(fig)


def gram(n):
    features = torch.randn(n, 2 * n)
    return features @ features.T


def test_every_figure_can_be_drawn(shown):
    torch.manual_seed(0)
    alphas, losses = (20, 1, 0.05), torch.rand(9).sort(descending=True)[0].tolist()
    start = TwoLayer(120)
    net = copy.deepcopy(start)
    net.w.data[:, :2] *= 3
    y = torch.tensor([1.0, -1.0]).repeat(10)
    rich_plots.kernels_on_images(dict.fromkeys("abc", gram(8)), fashion_pair(8)[0])
    rich_plots.loss_predicted(losses, torch.tensor(losses))
    rich_plots.leaving(dict.fromkeys(alphas, losses), torch.tensor(losses))
    rich_plots.dial(*(dict(zip(alphas, (0.6, 0.7, 0.9), strict=True)) for _ in range(3)), 0.6, 0.1)
    rich_plots.hidden_units(start, net)
    rich_plots.grams({"a": gram(20), "b": gram(20)}, y, groups=4)
    rich_plots.against_n([50, 100], dict.fromkeys("abcd", (0.5, 0.6)))
    rich_plots.moving_limit({name: (range(0, 9, 4), (0.5, 1.1, 0.9), losses) for name in "abc"})
    public = {
        name
        for name, value in vars(rich_plots).items()
        if getattr(value, "__module__", "") == rich_plots.__name__ and not name.startswith("_")
    }
    assert len(shown) == 8 and len(public - {"shades"}) == 8, sorted(public)


def test_a_shade_is_the_same_for_the_same_place_on_the_dial():
    lazy, _, rich = rich_plots.shades([20, 1, 0.05])
    assert rich_plots.shades([0.05, 20]) == [rich, lazy] and lazy != rich


def test_groups_of_points_keep_to_their_label(shown):
    y = torch.tensor([1.0, -1.0, -1.0, 1.0] * 5)
    rich_plots.grams({"a": y[:, None] * y + 2 * torch.eye(20), "b": torch.eye(20)}, y, groups=5)
    ordered, blind = (ax.images[0].get_array() for ax in shown[0][0].axes[:2])
    assert (ordered[:5, :5] > 0).all() and (ordered[:5, 5:] < 0).all() and (blind == 0).all()
