"""The figures of notebook 2, over-parameterised linear regression. NumPy arrays in, one figure out.

Dashed black is always a formula's prediction. Eigenvalues come in ascending order, as from
`np.linalg.eigh`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.colors import PowerNorm

from ntk_helpers.figures import (
    BLUE,
    GREEN,
    ORANGE,
    THEORY_LINE,
    VERMILION,
    panels,
    plain_powers,
    show,
)


def before_and_after(
    matrix: np.ndarray, diagonal: np.ndarray, corner: int, block: int = 10
) -> None:
    """A matrix (p, p), the same in its eigenbasis, and the last `corner` rows and columns of that.

    The first two are drawn with the largest entry of each block: a diagonal one entry wide would be
    lost on screen.
    """
    fig, axes = panels(3, (9.2, 3.1), right=0.55, gap=1.3)
    p = len(matrix)
    parts = (
        (largest(matrix, block), "$XX^{\\top}$", 0),
        (largest(diagonal, block), "in its eigenbasis", 0),
        (diagonal[-corner:, -corner:], f"its last {corner} rows", p - corner),
    )
    for ax, (values, title, first) in zip(axes, parts, strict=True):
        picture = ax.imshow(
            values, extent=(first, p, p, first), norm=PowerNorm(0.6, 0, values.max())
        )
        ax.set(
            title=title, xticks=(first, (first + p) // 2, p), yticks=(first, (first + p) // 2, p)
        )
        ax.grid(False)
        fig.colorbar(picture, ax=ax, fraction=0.046, pad=0.04)
    axes[0].set_xlabel(f"(each pixel: the largest of {block} × {block})", fontsize=9)
    axes[1].set_xlabel(f"(each pixel: the largest of {block} × {block})", fontsize=9)
    axes[2].set_xlabel("coordinate", fontsize=9)
    axes[0].set_ylabel("coordinate")
    show(
        fig,
        "X X^T has a bright diagonal in noise; in its eigenbasis only the end of the diagonal is "
        "not zero.",
    )


def largest(matrix: np.ndarray, block: int) -> np.ndarray:
    """The largest entry of each block × block square of a matrix (p, p), p a multiple of
    `block`."""
    m = len(matrix) // block
    return matrix.reshape(m, block, m, block).max(axis=(1, 3))


def spectrum(eigenvalues: np.ndarray, edges: tuple[float, float]) -> None:
    """Eigenvalues (p,) in ascending order; `edges`: where theory puts the smallest non-zero and the
    largest one."""
    fig, ax = panels(1, (6.5, 3), top=0.1)
    zero = np.abs(eigenvalues) < 1e-9
    at = np.arange(1, len(eigenvalues) + 1)
    ax.plot(at[zero], eigenvalues[zero], ".", c="0.6", ms=3, label=f"{zero.sum()} zeros")
    ax.plot(at[~zero], eigenvalues[~zero], ".", c=BLUE, ms=4, label=f"{(~zero).sum()} others")
    for edge, label in zip(edges, (r"$(\sqrt{p/n}\pm 1)^2$", None), strict=True):
        ax.axhline(edge, **THEORY_LINE, label=label)
    ax.set(xlabel="position in ascending order", ylabel="eigenvalue of $XX^\\top$")
    ax.legend(loc="center left")
    show(
        fig,
        "Sorted eigenvalues: most are zero, the others lie between the two edges that theory "
        "predicts.",
    )


def descent(losses: np.ndarray, distances: np.ndarray, decays: tuple[float, float]) -> None:
    """Loss (log) and relative distance to the start, at every step; `decays`: two factors a step,
    slowest first."""
    fig, (left, right) = panels(2, (8.5, 3.2))
    steps = np.arange(len(losses))
    left.semilogy(steps, losses, c=BLUE, label="measured")
    for decay, label in zip(
        decays, (r"decay with $\lambda_{\min}$, $\lambda_{\max}$", None), strict=True
    ):
        left.semilogy(steps, losses[0] * decay**steps, **THEORY_LINE, label=label)
    left.set(
        xlabel="step $t$",
        title=r"mean squared error $\|X^{\top}w_t-Y\|^2/n$",
        ylim=(losses[-1] / 30, 3 * losses[0]),
    )
    plain_powers(left.yaxis)
    left.legend(loc="upper right")
    right.plot(steps, distances, c=VERMILION)
    right.set(xlabel="step $t$", title=r"$\|w_t-w_0\| \,/\, \|w_0\|$", ylim=(0, None))
    show(
        fig,
        "The loss falls exponentially between two straight lines; the distance to the start grows "
        "and levels off.",
    )


def movement(ws: np.ndarray, P: np.ndarray) -> None:
    """How far each coordinate has moved at each step: `ws` (T + 1, p) in its own basis, and in the
    basis `P` (p, p)."""
    own, eigen = (np.abs(path - path[0]) for path in (ws, ws @ P))
    fig, axes = panels(2, (9, 3.6), gap=0.3, sharey=True)
    norm = PowerNorm(0.5, 0, max(own.max(), eigen.max()))
    for ax, values, title in zip(
        axes, (own, eigen), ("$w$'s own coordinates", "in the eigenbasis"), strict=True
    ):
        steps, p = values.shape
        picture = ax.imshow(
            values.T,
            aspect="auto",
            origin="lower",
            norm=norm,
            interpolation="auto",
            extent=(0, steps - 1, 0, p),
        )
        ax.set(title=title, xlabel="step $t$")
        ax.grid(False)
    axes[0].set_ylabel("coordinate $i$")
    fig.colorbar(picture, ax=axes, label="$|w_{t,i}-w_{0,i}|$")
    show(
        fig,
        "On the left every coordinate moves a little; on the right a narrow band at the top "
        "moves, the rest does not.",
    )


def to_the_limit(distances: np.ndarray, decay: float) -> None:
    """Distance of the iterates to their limit (log); `decay`: the predicted factor a step, of the
    slowest direction."""
    fig, ax = panels(1, (6, 3), top=0.1)
    steps = np.arange(len(distances))
    ax.semilogy(steps, distances, c=GREEN, label=r"$\|w_t-w_\infty\|$")
    ax.semilogy(
        steps,
        distances[-1] * decay ** (steps - steps[-1]),
        **THEORY_LINE,
        label=r"$(1-\eta\lambda_{\min})^t$",
    )
    ax.set(xlabel="step $t$", ylabel="distance to your answer")
    plain_powers(ax.yaxis)
    ax.legend()
    show(
        fig,
        "The distance to the limit falls on a straight line whose slope is the smallest non-zero "
        "eigenvalue's.",
    )


def moves_by_size(sizes: Sequence[int], moves: np.ndarray, theory: np.ndarray) -> None:
    """Relative distance from start to limit against the number of weights, measured and predicted
    (log-log)."""
    fig, ax = panels(1, (6, 3.2), top=0.1)
    ax.loglog(sizes, moves, "o", c=ORANGE, label="measured")
    ax.loglog(sizes, theory, **THEORY_LINE, label="theory")
    ax.set(xlabel="number of weights $p$", ylabel=r"$\|w_\infty-w_0\| \,/\, \|w_0\|$")
    ax.set_xticks(sizes, [str(size) for size in sizes])
    ax.set_yticks([1, 2, 5, 10], ["1", "2", "5", "10"])
    ax.minorticks_off()
    ax.legend()
    show(fig, "The relative distance falls with the number of weights, as theory predicts.")
