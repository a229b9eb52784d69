"""Notebook 1's figures of data, training and outputs. Each function draws one figure and shows it.

Arrays may be tensors or NumPy's. Blue is the first layer, vermilion the last layer, dashed black a
formula's prediction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.ticker import NullLocator
from numpy.typing import ArrayLike
from torch import Tensor, nn

from ntk_helpers.data import CLASSES
from ntk_helpers.figures import (
    FIRST_LAYER,
    LAST_LAYER,
    ORANGE,
    PURPLE,
    SKY,
    THEORY_LINE,
    panels,
    plain_powers,
    show,
)

Arrays = np.ndarray | Tensor
Losses = Iterable[float]  # or tensors of one number

CLASS_COLOURS = (SKY, ORANGE)
RUN_COLOURS = (PURPLE, "0.25")  # the network of section 3, the lazy one
NOTE: dict[str, Any] = {"color": "0.35", "fontsize": 10}


def image_grid(
    images: Arrays, labels: Arrays | None = None, columns: int = 8, scale: float = 0.62
) -> None:
    """Images (N, 1, 28, 28) with pixels in [-1, 1], row by row; with `labels`, the class under
    each."""
    pixels = np.stack([np.asarray(image[0]) for image in images])
    side, rows = pixels.shape[-1], -(-len(images) // columns)
    step = (round(side * (1.14 if labels is None else 1.42)), round(side * 1.14))  # down, across
    # one picture of all: thirty-two axes would take ten times as long to draw
    canvas = np.full((rows * step[0], columns * step[1]), np.nan)
    size = (columns * scale, columns * scale * canvas.shape[0] / canvas.shape[1])
    fig, ax = panels(1, size, left=0.04, right=0.04, bottom=0.04, top=0.04)
    for i, image in enumerate(pixels):
        top, left = i // columns * step[0], i % columns * step[1]
        canvas[top : top + side, left : left + side] = image
        if labels is not None:
            place = (left + side / 2, top + 1.1 * side)
            ax.text(*place, CLASSES[int(labels[i])], fontsize=8, ha="center", va="top")
    ax.imshow(canvas, cmap="gray", vmin=-1, vmax=1)
    ax.axis("off")
    show(fig, f"{len(images)} grey images of clothes in a grid.")


def first_steps(losses: Losses, steps: int = 30) -> None:
    """The loss in the first gradient steps, on a linear axis, beside all steps on a logarithmic
    one."""
    values = np.array([float(loss) for loss in losses])
    at = np.arange(1, len(values) + 1)
    fig, (left, right) = panels(2, left=0.85)
    left.plot(at[:steps], values[:steps], ".-", c=RUN_COLOURS[0], lw=1)
    left.set(title=f"the first {steps} steps", xlabel="gradient step", ylabel="loss of the batch")
    left.set_ylim(0, 1.1 * values.max())
    right.semilogy(at, values, c=RUN_COLOURS[0], lw=0.6)
    plain_powers(right.yaxis)
    right.set(title="all steps, logarithmic axis", xlabel="gradient step")
    show(fig, "Training loss: it leaps up in the first steps, comes down and then falls smoothly.")


def loss_curves(runs: Mapping[str, Losses], steps_per_pass: int) -> None:
    """`runs`: {name: losses}, one loss a gradient step. The mean over each pass, and all steps
    behind it."""
    fig, ax = panels(top=0.1)
    for (name, losses), colour in zip(runs.items(), RUN_COLOURS, strict=False):
        values = np.array([float(loss) for loss in losses])
        passes = len(values) // steps_per_pass
        mean = values[: passes * steps_per_pass].reshape(passes, steps_per_pass).mean(axis=1)
        ax.plot(np.arange(1, len(values) + 1), values, c=colour, lw=0.5, alpha=0.35)
        ax.plot((np.arange(passes) + 0.5) * steps_per_pass, mean, c=colour, label=name)
    ax.set(xlabel="gradient step", ylabel="loss, mean over a pass", yscale="log")
    plain_powers(ax.yaxis)
    ax.legend()
    show(fig, "Training loss against gradient steps, logarithmic axis: " + ", ".join(runs) + ".")


def against_kernel(
    runs: Mapping[str, ArrayLike],
    kernel_outputs: ArrayLike,
    labels: ArrayLike,
    targets: tuple[float, float],
) -> None:
    """`runs`: {title: network outputs (N,)}, one panel each, against the outputs of kernel
    regression (N,)."""
    across, labels = np.asarray(kernel_outputs).ravel(), np.asarray(labels)
    size = (3.9 * len(runs), 3.7)
    fig, axes = panels(len(runs), size, gap=0.4, sharey=True, squeeze=False)
    low, high = targets[0] - 0.25, targets[1] + 0.25
    for ax, (title, outputs) in zip(axes.flat, runs.items(), strict=True):
        outputs = np.clip(np.asarray(outputs).ravel(), low, high)
        for label, colour in zip(np.unique(labels), CLASS_COLOURS, strict=True):
            chosen = labels == label
            ax.plot(across[chosen], outputs[chosen], ".", c=colour, ms=2.5, alpha=0.6)
            ax.plot([], [], "o", c=colour, ms=5, label=CLASSES[label])
        ax.plot([low, high], [low, high], **THEORY_LINE)
        for line in (ax.axvline, ax.axhline):
            line(sum(targets) / 2, color="0.5", lw=0.8)
        ax.set(
            aspect="equal",
            xlim=(low, high),
            ylim=(low, high),
            title=title,
            xlabel="kernel regression",
        )
    axes.flat[0].set_ylabel("network")
    axes.flat[0].legend(loc="upper left", handletextpad=0.1)
    show(
        fig,
        "Outputs on the test images, network against kernel regression: " + ", ".join(runs) + ".",
    )


def start_outputs(outputs: ArrayLike, targets: tuple[float, float]) -> None:
    """Histogram of a fresh network's outputs f₀(x), with the two targets."""
    fig, ax = panels(1, (6, 2.6), right=1.3, top=0.1)  # the note may stand right of the axes
    ax.hist(np.asarray(outputs).ravel(), bins=60, color=PURPLE)
    for target in targets:
        ax.axvline(target, **THEORY_LINE)
    ax.annotate(
        "the two targets",
        (targets[1], 0.92),
        (6, 0),
        xycoords=("data", "axes fraction"),
        textcoords="offset points",
        **NOTE,
    )
    ax.set(xlabel=r"output $f_0(x)$ before training", ylabel="test images")
    show(
        fig,
        "Histogram of the outputs of a fresh network: far wider than the distance between the two "
        "targets.",
    )


def weights_moved(
    runs: Mapping[str, tuple[nn.Module, nn.Module]], sample: int = 3000, seed: int = 0
) -> None:
    """`runs`: {title: (network, its copy at the start)}. Each weight at the end against itself at
    the start.

    The vertical axis is linear up to ±0.2, where all weights start, and logarithmic beyond: some go
    far.
    """
    rng = np.random.default_rng(seed)
    size = (3.9 * len(runs), 3.7)
    fig, axes = panels(len(runs), size, gap=0.4, sharey=True, squeeze=False)
    furthest = 1.0
    for ax, (title, (net, start)) in zip(axes.flat, runs.items(), strict=True):
        for layer, colour, name in (
            ("lout", LAST_LAYER, "last layer"),
            ("l1", FIRST_LAYER, "first layer"),
        ):
            now = np.asarray(getattr(net, layer).weight.detach()).ravel()
            then = np.asarray(getattr(start, layer).weight.detach()).ravel()
            chosen = rng.choice(len(now), min(sample, len(now)), replace=False)
            ax.plot(then[chosen], now[chosen], ".", c=colour, ms=2, alpha=0.5)
            ax.plot([], [], "o", c=colour, ms=5, label=name)
        ax.plot([-0.2, 0.2], [-0.2, 0.2], **THEORY_LINE)
        ax.set(xlim=(-0.2, 0.2), title=title, xlabel="weight before training")
        ax.set_yscale("symlog", linthresh=0.2, linscale=1.5)
        furthest = max(furthest, np.abs(ax.get_ylim()).max())
    axes.flat[0].set(ylim=(-furthest, furthest), yticks=(-1, -0.2, -0.1, 0, 0.1, 0.2, 1))
    axes.flat[0].yaxis.set_major_formatter("{x:g}")
    axes.flat[0].yaxis.set_minor_locator(NullLocator())
    axes.flat[0].set_ylabel("weight after training")
    axes.flat[-1].legend(loc="upper left", handletextpad=0.1)
    show(fig, "Weights after training against weights before: " + ", ".join(runs) + ".")


def bounds(sizes: Sequence[int], curves: Mapping[str, ArrayLike], errors: ArrayLike) -> None:
    """`curves`: {name: bounds}, one value a training size; `errors`: the measured test errors
    (fractions)."""
    fig, (left, right) = panels(2, gap=0.45, left=0.45, width_ratios=(1.6, 1))
    for (name, values), colour in zip(curves.items(), ("0.4", SKY, FIRST_LAYER), strict=False):
        left.plot(sizes, values, "o-", c=colour, label=name, ms=4)
    left.axhline(1, **THEORY_LINE)
    left.annotate(
        "below this line a bound says something",
        (sizes[-1], 1),
        (0, -13),
        ha="right",
        textcoords="offset points",
        **NOTE,
    )
    left.set(xlabel="training points $n$", title="bound", ylim=(0, None))
    left.legend(loc="center right", bbox_to_anchor=(1, 0.5))
    right.plot(sizes, 100 * np.asarray(errors), "o-", c=FIRST_LAYER, ms=4)
    right.set(
        xlabel="training points $n$", title="measured test error, true labels (%)", ylim=(0, None)
    )
    right.title.set_fontsize(11)
    show(
        fig,
        "The bound against n: flat for true labels, growing for flipped and permuted ones; test "
        "error falls.",
    )
