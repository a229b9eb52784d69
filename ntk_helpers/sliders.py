"""The figures that depend on a choice, one a notebook: arrays in, a slider or pictures side by side
out (`ntk_helpers.interact`). Arrays may be tensors or NumPy's.

Dashed black is what a formula says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from ntk_helpers.figures import BLUE, BOTH, GREEN, THEORY_LINE, panels, plain_powers
from ntk_helpers.interact import FRAME, slide

if TYPE_CHECKING:
    from matplotlib.figure import Figure

THIN = THEORY_LINE | {"linewidth": 0.8}
TIMES = {1: "#7FCDB0", 10: BOTH, 100: "#00432F"}  # steps: the colour of the kernel, ever darker
TOP = 5e3  # what is above is drawn as a triangle at the edge
LIMIT = 2.0  # of 2ηλ/n: beyond it an error grows


def learning_rates(eigenvalues: ArrayLike, rates: Sequence[float], stills: Sequence[float]) -> None:
    """What is left of the error along each eigenvector after 1, 10 and 100 steps; the slider is the
    learning rate η.

    eigenvalues: (n,), of the Gram matrix K. A step multiplies the error along one of them by
    1 - 2ηλ/n.
    """
    values = np.asarray(eigenvalues, dtype=float)
    x = np.geomspace(1e-5, 1e2, 1000)
    curves = {t: remaining(x, t) for t in TIMES}

    def draw(rate: float) -> tuple[Figure, str]:
        speeds = 2 * rate * values / len(values)
        growing, learned = np.sum(speeds > LIMIT), np.sum(remaining(speeds, 100) < 0.1)
        fig, ax = panels(1, FRAME, left=0.47, right=0.06, bottom=0.4, top=0.24)
        ax.axvspan(LIMIT, 100, color="0.92", lw=0)
        ax.axvline(LIMIT, **THIN)
        for t, colour in TIMES.items():
            left = remaining(speeds, t)
            ax.loglog(x, curves[t], c="0.75", lw=0.7, zorder=1)
            ax.plot(speeds, left, ".", c=colour, ms=6, mew=0, label=f"{t}")
            above = left > TOP
            ax.plot(speeds[above], above[above] * TOP / 2, "^", c=colour, ms=5, mew=0)
        ax.set(xlim=(2e-5, 40), ylim=(2e-4, TOP), title=f"η = {rate:g}")
        ax.set_xlabel(r"$2\eta\lambda_i/n$ of mode $i$", labelpad=1)
        ax.set_ylabel("error left of 1", labelpad=0)
        ax.set_xticks([1e-4, 1e-2, 1])
        ax.set_yticks([1e-3, 1, 1e3])
        ax.minorticks_off()
        plain_powers(ax.xaxis, ax.yaxis)
        ax.text(1.5, 300, "limit 2", size=7, ha="right")
        ax.legend(title="steps", title_fontsize=7, loc="lower left", markerscale=1.5)
        return fig, (
            f"Learning rate {rate:g}, {len(values)} modes: beyond the limit, growing with each "
            f"step: {growing}; with less than a tenth of their error after 100 steps: {learned}."
        )

    slide(
        draw,
        {f"{rate:g}": rate for rate in rates},
        "learning rate η",
        [f"{rate:g}" for rate in stills],
    )


def remaining(speeds: np.ndarray, steps: int) -> np.ndarray:
    """|1 - speed|^steps, as far as a figure can show it."""
    return np.exp(np.minimum(steps * np.log(np.abs(1 - speeds) + 1e-300), 100))


def dial(
    kernel: ArrayLike,
    networks: Mapping[float, ArrayLike],
    labels: ArrayLike,
    stills: Sequence[float],
    points: int = 300,
) -> None:
    """What a network answers against what kernel regression answers, on the first `points` test
    points; the slider is α.

    kernel: (N,), outputs of regression with the kernel at the start; networks: {α: outputs (N,) or
    (N, 1)}, from lazy to rich; labels: (N,), ±1.
    """
    x, y = np.asarray(kernel)[:points], np.asarray(labels)[:points]

    # not above: pyplot comes with it, which the first lab's notebooks need for figures only
    from ntk_helpers.rich_plots import shades

    def draw(alpha: float) -> tuple[Figure, str]:
        whole = np.asarray(networks[alpha]).reshape(-1)
        right = 100 * np.mean(np.sign(whole) == np.asarray(labels))
        (colour,) = (c for a, c in zip(networks, shades(list(networks)), strict=True) if a == alpha)
        fig, ax = panels(1, FRAME, left=0.42, right=0.06, bottom=0.4, top=0.24)
        ax.axline((0, 0), slope=1, **THIN)
        ax.axhline(0, c="0.6", lw=0.6)
        looks: tuple[tuple[int, str, dict], ...] = (
            (1, "label +1", {"mfc": colour}),
            (-1, "label −1", {"mfc": "white"}),
        )
        for label, name, look in looks:
            at = y == label
            ax.plot(x[at], whole[:points][at], "o", ms=2.6, mew=0.6, mec=colour, label=name, **look)
        ax.set(xlim=(-1.5, 1.5), ylim=(-1.9, 1.9), title=f"α = {alpha:g}: {right:.1f} % right")
        ax.set_xlabel("kernel at the start says", labelpad=1)
        ax.set_ylabel("network says", labelpad=0)
        ax.set_xticks([-1, 0, 1])
        ax.set_yticks([-1, 0, 1])
        ax.legend(loc="upper left", handletextpad=0, borderaxespad=0)
        follows = float(np.corrcoef(np.asarray(kernel), whole)[0, 1])
        return fig, (
            f"Alpha {alpha:g}: outputs of the network against those of kernel regression, "
            f"correlation {follows:.2f}; {right:.1f} % of the signs are right."
        )

    slide(draw, {f"{a:g}": a for a in networks}, "α", [f"{a:g}" for a in stills])


def plane(
    paths: Mapping[tuple[float, float], np.ndarray],
    limits: Mapping[tuple[float, float], np.ndarray],
    stills: Sequence[tuple[float, float]],
) -> None:
    """Gradient descent seen in a plane of two directions, to the right one that moves, upwards one
    at rest; the slider is the start.

    paths: {start (2,): coordinates of the weights (T + 1, 2)}; limits: {start: coordinates (2,) of
    the predicted end}.
    """
    fits = np.mean([limit[0] for limit in limits.values()])

    def draw(start: tuple[float, float]) -> tuple[Figure, str]:
        path, limit = paths[start], limits[start]
        along, across = path[-1] - path[0]
        across = 0.0 if abs(across) < 1e-9 else across
        fig, ax = panels(1, FRAME, left=0.42, right=0.06, bottom=0.4, top=0.24)
        ax.axvline(fits, 0, 0.88, **THIN)
        ax.text(fits + 0.05, -1.5, "fits the data", size=7)
        for other in paths:
            ax.plot(*other, "o", ms=2.5, c="0.75")
        ax.plot(*path.T, ".-", c=BLUE, ms=5, lw=1, mew=0)
        ax.plot(*path[0], "o", ms=5, c=BLUE, label="start and steps")
        ax.plot(*limit, "*", ms=9, c=GREEN, mew=0, label="your limit")
        ax.set(xlim=(-1.6, 1.6), ylim=(-1.6, 1.9), title=f"moves by {along:.2f} and {across:.2g}")
        ax.set_xlabel("a direction that moves", labelpad=1)
        ax.set_ylabel("a direction at rest", labelpad=0)
        ax.set_xticks([-1, 0, 1])
        ax.set_yticks([-1, 0, 1])
        ax.legend(loc="upper left", ncols=2, handletextpad=0.2, borderaxespad=0, columnspacing=1)
        return fig, (
            f"From the start ({_pair(start)}) gradient descent moves by {along:.2f} along the one "
            f"direction and by {across:.2g} along the other, and ends at ({_pair(path[-1])})."
        )

    names = {f"({_pair(start)})": start for start in paths}
    slide(draw, names, "start", [f"({_pair(start)})" for start in stills])


def _pair(point: ArrayLike) -> str:
    """Two coordinates, as short as they can be."""
    return ", ".join(f"{round(float(value), 2) + 0.0:g}" for value in np.asarray(point))
