"""The second lab's figures. Each function draws one figure and shows it.

As in the first lab a dark grey network is lazy and a purple one is not; green is the kernel at the
start, orange the kernel after training, dashed black a formula's prediction. Arrays may be tensors
or NumPy's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.ticker import NullFormatter
from numpy.typing import ArrayLike

from ntk_helpers.figures import GREEN, ORANGE, PURPLE, THEORY_LINE, show
from ntk_helpers.rich import TwoLayer

LAZY, RICH = "0.25", PURPLE
AT_START, MOVED = GREEN, ORANGE
NOTE: dict[str, Any] = {"color": "0.35", "fontsize": 10}
DIAL = LinearSegmentedColormap.from_list("dial", [LAZY, "#4B3F8F", "#8A55A8", RICH])


def shades(alphas: Sequence[float]) -> list[Any]:
    """A colour for each α, from the lazy end (largest α) to the rich one."""
    order = sorted(alphas, reverse=True)
    return [DIAL(order.index(alpha) / max(1, len(order) - 1)) for alpha in alphas]


def kernels_on_images(kernels: Mapping[str, ArrayLike], images: ArrayLike) -> None:
    """`kernels`: {name of a network: its kernel (N, N) on the images (N, 1, 28, 28)}.

    Drawn as cosines; the diagonal, where each is 1, is left out, so that the others can be seen.
    """
    pictures = np.asarray(images)[:, 0]
    n = len(pictures)
    fig, axes = plt.subplots(1, len(kernels), figsize=(8.4, 3.3))
    for ax, (name, K) in zip(axes.flat, kernels.items(), strict=True):
        picture = ax.imshow(_off_diagonal(_cosines(K)))
        ax.set(xticks=[], yticks=[])
        ax.grid(False)
        _strip(ax, np.concatenate(list(pictures), axis=1), (0, 1.01, 1, 1 / n))
        _strip(ax, np.concatenate(list(pictures), axis=0), (-1 / n - 0.01, 0, 1 / n, 1))
        ax.set_title(name, pad=26, fontsize=11)
        fig.colorbar(picture, ax=ax, orientation="horizontal", shrink=0.8, pad=0.03)
    show(
        fig,
        f"Three matrices, the kernels of {', '.join(kernels)} on the same eight images: each "
        "has a pattern of its own.",
    )


def _cosines(K: ArrayLike) -> np.ndarray:
    gram = np.asarray(K, dtype=float)
    size = np.sqrt(np.diag(gram))
    return gram / np.outer(size, size)


def _off_diagonal(matrix: np.ndarray) -> np.ndarray:
    return np.where(np.eye(len(matrix), dtype=bool), np.nan, matrix)


def _strip(ax: Axes, pixels: np.ndarray, place: tuple[float, float, float, float]) -> None:
    inset = ax.inset_axes(place)
    inset.imshow(pixels, cmap="gray", vmin=-1, vmax=1, aspect="auto")
    inset.axis("off")


def loss_predicted(measured: ArrayLike, predicted: ArrayLike) -> None:
    """The losses (T + 1,) of a lazy network, with the prediction (T + 1,) dashed over them."""
    fig, ax = plt.subplots(figsize=(6.5, 3))
    ax.semilogy(np.asarray(measured), c=LAZY, lw=5, alpha=0.35, label="measured")
    ax.semilogy(np.asarray(predicted), **THEORY_LINE, label="predicted from $K_0$")
    ax.set(xlabel="step $t$", ylabel="training loss")
    ax.set_yticks([0.003, 0.01, 0.03], ["0.003", "0.01", "0.03"])
    ax.yaxis.set_minor_formatter(NullFormatter())
    ax.legend()
    show(fig, "Training loss of a lazy network: the predicted curve, dashed, covers the measured.")


def leaving(curves: Mapping[float, ArrayLike], predicted: ArrayLike) -> None:
    """`curves`: {α: losses}, one a step; `predicted` (T + 1,), the same for every α."""
    fig, ax = plt.subplots(figsize=(7.5, 3.6))
    steps = len(np.asarray(predicted)) - 1
    for (alpha, losses), colour in zip(curves.items(), shades(list(curves)), strict=True):
        ax.semilogy(np.asarray(losses), c=colour, lw=2.2, label=rf"$\alpha={alpha:g}$")
    ax.semilogy(np.asarray(predicted), **THEORY_LINE, label="predicted")
    ax.set(xlabel="step $t$", ylabel="training loss", ylim=(5e-5, 2), xlim=(0, steps))
    ax.legend(loc="upper right", ncols=2)
    show(
        fig,
        "Training loss for five values of alpha: the two large ones follow the dashed prediction, "
        "the smaller ones fall below it, the sooner the smaller.",
    )


def dial(
    accuracies: Mapping[float, float],
    moves: Mapping[float, float],
    alignments: Mapping[float, float],
    kernel_accuracy: float,
    alignment_at_start: float,
) -> None:
    """Three panels against α: {α: value} each; dashed, what the kernel at the start has."""
    fig, axes = plt.subplots(1, 3, figsize=(9, 3), sharex=True)
    panels = (
        (accuracies, "test accuracy", kernel_accuracy),
        (moves, r"kernel's move $\|K-K_0\|/\|K_0\|$", None),
        (alignments, "alignment with the labels", alignment_at_start),
    )
    for ax, (values, title, level) in zip(axes, panels, strict=True):
        alphas = list(values)
        ax.plot(alphas, list(values.values()), c="0.7", lw=1, zorder=1)
        ax.scatter(alphas, list(values.values()), c=shades(alphas), s=45, zorder=2)
        if level is not None:
            ax.axhline(level, **THEORY_LINE, zorder=0)
        ax.set(title=title, xscale="log", xlabel=r"$\alpha$    (lazy $\to$ rich)")
        ax.title.set_fontsize(11)
        ax.set_xticks(alphas, [f"{alpha:g}" for alpha in alphas])
        ax.minorticks_off()
    axes[0].invert_xaxis()
    axes[0].set_ylim(0.5, 1.02)
    right = {"xycoords": ("axes fraction", "data"), "ha": "right", **_offset()}
    axes[0].annotate("kernel at the start", (1, kernel_accuracy), (-4, -13), **right)
    axes[2].annotate("kernel at the start", (1, alignment_at_start), (-4, -13), **right)
    axes[1].set_yscale("log")
    axes[2].set_ylim(0, None)
    show(
        fig,
        "Against alpha: test accuracy, movement of the kernel and alignment with the labels all "
        "rise as alpha falls.",
    )


def _offset() -> dict[str, Any]:
    return NOTE | {"textcoords": "offset points", "fontsize": 9}


def hidden_units(start: TwoLayer, net: TwoLayer, units: int = 100) -> None:
    """|a_r w_rj| before and after training, for the `units` hidden units that are largest
    afterwards."""
    before, after = (np.abs(np.asarray((n.a[:, None] * n.w).detach())) for n in (start, net))
    rows = np.argsort(-(after**2).sum(axis=1))[:units]
    fig, axes = plt.subplots(1, 2, figsize=(8, 3.4), sharey=True)
    for ax, values, title in zip(
        axes, (before, after), ("before training", "after training"), strict=True
    ):
        picture = ax.imshow(
            values[rows],
            aspect="auto",
            vmin=0,
            vmax=np.quantile(values[rows], 0.97),
            extent=(0.5, values.shape[1] + 0.5, units, 0),
        )
        ax.set(title=title, xlabel="input $j$", xticks=[1, 2, *range(5, values.shape[1] + 1, 5)])
        ax.tick_params(axis="x", labelsize=9)
        ax.grid(False)
        fig.colorbar(picture, ax=ax, extend="max", label="$|a_r w_{rj}|$")
    axes[0].set_ylabel("hidden unit $r$, strongest first")
    show(
        fig,
        "Weights of the hidden units, one row a unit, one column an input: noise before training; "
        "afterwards the columns of inputs 1 and 2 are bright.",
    )


def grams(kernels: Mapping[str, ArrayLike], labels: ArrayLike, groups: int = 10) -> None:
    """`kernels`: {title: Gram matrix (n, n)}, rows and columns ordered by label, -1 first.

    Drawn as cosines, the mean over pairs of points from two groups a pixel, `groups` of them a
    label: single pairs are noisy. All panels have colour scales of the same width.
    """
    labels = np.asarray(labels)
    parts = [part for y in (-1, 1) for part in np.array_split(np.flatnonzero(labels == y), groups)]
    fig, axes = plt.subplots(1, len(kernels), figsize=(8, 3.7))
    means = []
    for K in kernels.values():
        cosines = _off_diagonal(_cosines(K))
        means.append([[np.nanmean(cosines[np.ix_(a, b)]) for b in parts] for a in parts])
    width = max(np.max(np.abs(mean - np.mean(mean))) for mean in means)
    for ax, title, mean in zip(axes.flat, kernels, means, strict=True):
        centre = np.mean(mean)
        picture = ax.imshow(mean, vmin=centre - width, vmax=centre + width)
        for line in (ax.axhline, ax.axvline):
            line(groups - 0.5, color="w", lw=1.2)
        middle = (groups / 2 - 0.5, 1.5 * groups - 0.5)
        ax.set_xticks(middle, ["$y=-1$", "$y=+1$"])
        ax.set_yticks(middle, ["$y=-1$", "$y=+1$"], rotation=90, va="center")
        ax.tick_params(length=0)
        ax.set(title=title, xlabel="training points, by label")
        ax.grid(False)
        fig.colorbar(picture, ax=ax, shrink=0.8)
    show(
        fig,
        "Gram matrices ordered by label: before training the labels do not show; afterwards there "
        "are two bright blocks, one a label.",
    )


def against_n(sizes: Sequence[int], curves: Mapping[str, Sequence[float]]) -> None:
    """Test accuracy against the number of training points. `curves`: {name: accuracies}: first
    the moved kernel, then the rich network, the lazy one and the kernel at the start."""
    fig, ax = plt.subplots(figsize=(7, 3.4))
    looks = ((MOVED, "s-"), (RICH, "o-"), (LAZY, "o-"), (AT_START, "s-"))
    for (name, values), (colour, look) in zip(curves.items(), looks, strict=True):
        ax.plot(sizes, values, look, c=colour, label=name, ms=6)
    ax.axhline(0.5, color="0.5", lw=0.8)
    ax.annotate("guessing", (sizes[-1], 0.5), (0, 4), ha="right", **_offset())
    ax.set(xlabel="training points $n$", ylabel="test accuracy", ylim=(0.45, 1.02))
    ax.set_xticks(sizes, [str(size) for size in sizes])
    ax.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    show(
        fig,
        "Test accuracy against the number of training points: rich network and moved kernel go to "
        "one, lazy network and first kernel rise slowly.",
    )


def moving_limit(runs: Mapping[str, tuple[ArrayLike, ArrayLike, ArrayLike]]) -> None:
    """`runs`: {name: (steps, the learning rate as a part of the limit at these steps, losses at
    every step)}, the lazy one first."""
    fig, (left, right) = plt.subplots(1, 2, figsize=(9, 3.4))
    colours = (LAZY, RICH, "#8A3A6B")
    for (name, (steps, parts, losses)), colour in zip(runs.items(), colours, strict=True):
        left.plot(np.asarray(steps), np.asarray(parts), "o-", c=colour, ms=4, label=name)
        right.semilogy(np.asarray(losses), c=colour, label=name)
    left.axhline(1, **THEORY_LINE)
    left.annotate(
        "limit of stability",
        (1, 1),
        (0, 5),
        xycoords=("axes fraction", "data"),
        ha="right",
        **_offset(),
    )
    left.set(xlabel="step $t$", title=r"$\eta\,\alpha^2\lambda_{\max}(K_t)/n$", ylim=(0, None))
    right.set(xlabel="step $t$", title="training loss")
    right.legend(loc="lower left", fontsize=9)
    show(
        fig,
        "Left: the lazy run keeps its distance to the limit of stability, the rich runs approach "
        "it, one crosses it. Right: that one's loss leaps up and comes down again.",
    )
