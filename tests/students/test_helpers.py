"""Notebook 1's helpers: Gram matrices, tangent kernels of networks, the centred network, and every
figure."""

from __future__ import annotations

import copy
import itertools
import subprocess
import sys

import matplotlib
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from ntk_helpers.data import fashion_pair, loader
from ntk_helpers.kernels import gram, network_ntk, random_ntk, regression
from ntk_helpers.training import Centered, Watched, dead_fraction, relative_move

matplotlib.use("Agg")

import matplotlib.pyplot as plt


def gaussian(x, xprime):
    return torch.exp(-(torch.cdist(x, xprime) ** 2))


class Net(nn.Module):
    def __init__(self, width=10):
        super().__init__()
        self.l1, self.lout = nn.Linear(784, width), nn.Linear(width, 1)

    def forward(self, x):
        return self.lout(torch.relu(self.l1(x.flatten(1))))


@settings(deadline=None, max_examples=40)
@given(n=st.integers(0, 9), m=st.integers(1, 9), tile=st.integers(1, 10))
def test_gram_is_the_kernel_whatever_the_tile(n, m, tile):
    x, xprime = torch.randn(n, 3, dtype=torch.float64), torch.randn(m, 3, dtype=torch.float64)
    torch.testing.assert_close(gram(gaussian, x, xprime, tile=tile), gaussian(x, xprime))
    torch.testing.assert_close(gram(gaussian, x, tile=tile), gaussian(x, x))


def test_gram_computes_half_of_the_tiles_when_symmetric():
    calls = []

    def counting(x, xprime):
        calls.append((len(x), len(xprime)))
        return gaussian(x, xprime)

    gram(counting, torch.randn(40, 3), tile=10)
    assert len(calls) == 10 and set(calls) == {(10, 10)}


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_gram_keeps_the_dtype_of_the_kernel_and_no_graph(dtype):
    x = torch.randn(5, 3, dtype=dtype, requires_grad=True)
    result = gram(gaussian, x, tile=2)
    assert result.dtype == dtype and not result.requires_grad


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ({"kernel": lambda x, y: x}, "shape"),
        ({"x": torch.zeros(3)}, "matrices"),
        ({"tile": 0}, "tile"),
    ],
)
def test_gram_says_what_is_wrong_in_one_line(arguments, word):
    with pytest.raises(ValueError, match=word) as error:
        gram(**({"kernel": gaussian, "x": torch.zeros(3, 2)} | arguments))
    assert "\n" not in str(error.value)


@pytest.mark.slow  # a Python of its own
def test_gram_needs_little_memory_beside_its_result():
    program = """
import resource, torch
from ntk_helpers.kernels import gram
x = torch.randn(6000, 20)
gram(lambda a, b: torch.exp(-torch.cdist(a, b)), x[:600])
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
result = gram(lambda a, b: torch.exp(-torch.cdist(a, b)), x)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 / (result.numel() * 4))
"""
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert float(ran.stdout) < 1.5


def test_regression_passes_through_its_points_and_refuses_what_is_no_kernel():
    x, y = torch.randn(6, 3, dtype=torch.float64), torch.randn(6, dtype=torch.float64)
    K, cross = gaussian(x, x), gaussian(x[:2] + 0.1, x)
    torch.testing.assert_close(regression(K, y, K), y)
    torch.testing.assert_close(regression(K, y, cross), cross @ torch.linalg.inv(K) @ y)
    with pytest.raises(torch.linalg.LinAlgError):
        regression(-K, y, cross)


def test_network_ntk_is_the_inner_product_of_gradients():
    torch.manual_seed(0)
    net, (images, _) = Net(7), fashion_pair(6)
    rows = []
    for image in images:
        gradients = torch.autograd.grad(net(image[None])[0, 0], list(net.parameters()))
        rows.append(torch.cat([g.flatten() for g in gradients]).double())
    jacobian = torch.stack(rows)
    torch.testing.assert_close(
        network_ntk(net, images), jacobian @ jacobian.T, rtol=1e-5, atol=1e-4
    )


def test_random_ntk_has_the_known_limits():
    x = torch.tensor([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]], dtype=torch.float64)
    first, last = random_ntk(x, 400_000, torch.Generator().manual_seed(0))
    half, orthogonal = 0.5, 1 / (2 * torch.pi)
    expected_first = torch.tensor([[half, 0, 0], [0, half, 0], [0, 0, half]], dtype=torch.float64)
    expected_last = torch.tensor(
        [[half, orthogonal, 0], [orthogonal, half, orthogonal], [0, orthogonal, half]],
        dtype=torch.float64,
    )
    torch.testing.assert_close(first, expected_first, rtol=0, atol=0.02)
    torch.testing.assert_close(last, expected_last, rtol=0, atol=0.02)


def test_centered_starts_at_zero_and_trains_its_net_only():
    torch.manual_seed(0)
    net, images = Net(5), torch.randn(4, 1, 28, 28)
    centered = Centered(net)
    assert centered.net is net and torch.equal(centered(images), torch.zeros(4, 1))
    assert [id(p) for p in centered.parameters()] == [id(p) for p in net.parameters()]
    assert [name for name, _ in centered.named_parameters()] == [
        f"net.{n}" for n, _ in net.named_parameters()
    ]
    frozen = copy.deepcopy(centered.initial.state_dict())
    optimizer = torch.optim.SGD(centered.parameters(), lr=0.1)
    (centered(images) - 1).square().mean().backward()
    optimizer.step()
    assert not torch.equal(centered(images), torch.zeros(4, 1))
    assert all(
        torch.equal(frozen[name], value) for name, value in centered.initial.state_dict().items()
    )
    assert not any(p.requires_grad for p in centered.initial.parameters())


def test_watched_is_the_loader_and_counts_passes():
    images, labels = fashion_pair(10)
    batches = loader(images, labels, batch_size=4)
    watched = Watched(batches, 2)
    for _ in range(2):
        assert [len(y) for _, y in watched] == [4, 4, 2]
    assert watched.bar.n == 2 and len(watched) == 3 and watched.batch_size == 4
    assert copy.copy(watched).loader is batches


def test_relative_move_and_dead_fraction():
    net = Net(4)
    start = copy.deepcopy(net)
    net.lout.weight.data *= 3
    moved = relative_move(net, start)
    assert moved["l1"] == 0 and moved["lout"] == pytest.approx(2)
    net.l1.weight.data.zero_()
    net.l1.bias.data[:] = torch.tensor([1.0, -1.0, -1.0, 0.0])
    assert dead_fraction(net, torch.randn(3, 1, 28, 28)) == pytest.approx(0.75)


@pytest.mark.slow  # a Python of its own
def test_helpers_import_without_torch():
    program = (
        "import sys, ntk_helpers; print([m for m in ('torch', 'matplotlib', 'torchvision') "
        "if m in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "[]"
    program = (
        "import sys, ntk_helpers.plots; print('torchvision' in sys.modules, 'autograder' "
        "in sys.modules)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "False False"


def linear(x, xprime):
    return x @ xprime.T


def whole(fig):
    """What of a drawn figure is cut off at its edge, or lies on the labels of another panel."""
    axes = [ax for ax in fig.axes if ax.axison or ax.get_title()]
    boxes = [ax.get_tightbbox() for ax in axes]
    edge = fig.bbox.padded(1)  # pixels
    off = [
        ax.get_title() or ax.get_xlabel()
        for ax, box in zip(axes, boxes, strict=True)
        if not (edge.contains(*box.min) and edge.contains(*box.max))
    ]
    # a long label may reach below the picture's own colour bar
    own = {(ax, image.colorbar.ax) for ax in axes for image in ax.images if image.colorbar}
    pairs = itertools.combinations(zip(axes, boxes, strict=True), 2)
    return off + [
        "two panels overlap"
        for (one, a), (other, b) in pairs
        if (one, other) not in own and a.padded(-1).overlaps(b.padded(-1))
    ]


def test_a_figure_whose_labels_do_not_fit_is_noticed():
    fig, axes = plt.subplots(1, 2, layout="none")
    fig.canvas.draw()
    assert whole(fig) == []
    axes[1].set(ylabel="in\nmany\nlines")
    axes[0].set(xlabel="far\n\n\nbelow")
    fig.canvas.draw()
    assert whole(fig) == ["far\n\n\nbelow", "two panels overlap"]
    plt.close(fig)


@pytest.fixture
def shown(monkeypatch):
    """The figures that a plot function shows, as (figure, text) pairs."""
    from ntk_helpers import kernel_plots, plots, regression_plots
    from ntk_helpers.figures import use_style

    seen = []
    for module in (plots, kernel_plots, regression_plots):
        monkeypatch.setattr(module, "show", lambda fig, alt: seen.append((fig, alt)))
    with matplotlib.rc_context():
        use_style()
        yield seen
    for fig, alt in seen:
        fig.canvas.draw()  # a figure that cannot be drawn fails here
        assert 30 < len(alt) < 200 and all(
            ax.get_xlabel() or not ax.axison or ax.get_label() == "<colorbar>" for ax in fig.axes
        )
    assert {alt: bad for fig, alt in seen if (bad := whole(fig))} == {}
    plt.close("all")


def test_every_figure_can_be_drawn(shown):
    from ntk_helpers import kernel_plots, plots

    torch.manual_seed(0)
    images, labels = fashion_pair(20)
    net, start = Net(20), Net(20)
    outputs = torch.randn(20, 1)
    plots.image_grid(images, labels)
    plots.first_steps([torch.tensor(2.0), 3.0, 1.0])
    plots.loss_curves({"a": [3.0, 2.0, 1.5, 1.0], "b": [1.0, 0.5, 0.2, 0.1]}, 2)
    kernel_plots.half_spaces()
    kernel_plots.area_under_kappa0()
    kernel_plots.kernel_profile(linear, width=50)
    kernel_plots.hexagon(linear)
    kernel_plots.gram_and_spectrum(gram(gaussian, torch.randn(9, 3)), "nine", order=torch.arange(9))
    kernel_plots.gram_and_spectrum(gram(gaussian, torch.randn(9, 3)), "nine", log=False)
    plots.against_kernel({"a": outputs, "b": outputs}, outputs, labels, (1 / 9, 3 / 9))
    plots.start_outputs(outputs, (1 / 9, 3 / 9))
    plots.weights_moved({"a": (net, start)})
    kernel_plots.kernel_drift([8, 16], [0.1, 0.05])
    plots.bounds([10, 20], {"a": [1, 2], "b": [2, 3], "c": [3, 4]}, [0.1, 0.2])
    public = {
        f"{module.__name__}.{name}"
        for module in (plots, kernel_plots)
        for name, value in vars(module).items()
        if getattr(value, "__module__", "") == module.__name__
    }
    assert len(shown) == 14 and len(public) == 13, sorted(public)  # one of them is drawn twice


@pytest.mark.slow
def test_figures_are_whole_for_the_numbers_of_the_notebooks(shown):
    """Labels are as wide as their numbers: these are of the sizes that the notebooks meet."""
    from ntk_helpers import kernel_plots, plots, regression_plots

    rng = np.random.default_rng(0)
    images, labels = fashion_pair(200)
    x = images.flatten(1).double()
    leap = [0.5, 300.0, 12000.0, *np.geomspace(10, 1e-4, 1397)]
    plots.first_steps(leap)
    plots.loss_curves({"lr = 0.01": leap, "lr = 0.001, centred": leap}, 7)
    plots.image_grid(images[:8], labels[:8], scale=0.9)
    kernel_plots.gram_and_spectrum(x @ x.T + torch.eye(200), "Gram matrix, 200 images")
    kernel_plots.gram_and_spectrum(torch.eye(30) * 900, "30 × 30 inputs", log=False)
    outputs = torch.randn(200)
    kernel = {"network of section 3": outputs, "lazy network": outputs}
    plots.against_kernel(kernel, outputs, labels, (1 / 9, 3 / 9))
    plots.start_outputs(-1.2 - outputs.abs(), (1 / 9, 3 / 9))  # the targets at the very edge
    far, start = Net(20), Net(20)
    far.lout.weight.data *= 30
    plots.weights_moved({"network of section 3": (far, start), "lazy network": (start, start)})
    kernel_plots.kernel_drift([32, 128, 512, 2048], [0.1, 0.04, 0.01, 0.004])
    curves = {"permuted labels": range(1, 8), "25 % flipped": range(7), "true labels": [2] * 7}
    plots.bounds(range(100, 2000, 300), curves, [0.031] * 7)
    w = rng.standard_normal((1000, 100))
    regression_plots.before_and_after(w @ w.T / 100, np.diag(np.linspace(0, 17, 1000)), 120)
    regression_plots.spectrum(np.r_[np.zeros(900), np.linspace(5, 17, 100)], (4.7, 17.3))
    steps = np.arange(1001)
    regression_plots.descent(0.98**steps, 3 - 3 * 0.99**steps, (0.99, 0.96))
    regression_plots.movement(rng.standard_normal((101, 100)), np.eye(100))
    regression_plots.to_the_limit(3 * 0.994**steps, 0.993)
    regression_plots.moves_by_size([200, 400, 800], np.array([9, 5, 3.5]), np.array([9, 5, 3]))
    assert len(shown) == 16
