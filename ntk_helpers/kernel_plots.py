"""Notebook 1's figures of the kernel itself: its derivation, its values, its Gram matrices, its
drift.

Each function draws one figure and shows it. Blue is the first layer, vermilion the last layer,
green their sum, dashed black a formula's prediction.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import ArrayLike

from ntk_helpers.figures import (
    BOTH,
    FIRST_LAYER,
    LAST_LAYER,
    THEORY_LINE,
    panels,
    plain_powers,
    show,
)
from ntk_helpers.kernels import Kernel, random_ntk


def half_spaces(angle: float = 1.0, directions: int = 1000, seed: int = 0) -> None:
    """Left: random directions w, coloured by which of two inputs they activate. Right: how often
    both."""
    rng = np.random.default_rng(seed)
    w = rng.standard_normal((directions, 2))
    w /= np.linalg.norm(w, axis=1, keepdims=True)
    x, xprime = np.array([1.0, 0.0]), np.array([np.cos(angle), np.sin(angle)])
    active = (w @ x > 0).astype(int) + (w @ xprime > 0)
    fig, (left, right) = panels(2, (7.5, 3.4), left=0.05, width_ratios=(1, 1.4))
    for count, colour, name in ((2, FIRST_LAYER, "both"), (1, "0.6", "one"), (0, "0.85", "none")):
        left.plot(
            *(w[active == count] * rng.uniform(0.82, 1, (np.sum(active == count), 1))).T,
            ".",
            c=colour,
            ms=4,
        )
        left.plot([], [], "o", c=colour, ms=5, label=name)
    for point, name in ((x, "$x$"), (xprime, "$x'$")):
        left.annotate(
            "", 0.75 * point, (0, 0), arrowprops={"arrowstyle": "-|>", "color": "k", "lw": 1.5}
        )
        left.annotate(
            name, 0.55 * point + 0.13 * np.array([point[1], -point[0]]), ha="center", va="center"
        )
    left.set(
        aspect="equal", xlim=(-1.1, 1.1), ylim=(-1.1, 1.1), title="who is active in direction $w$?"
    )
    left.axis("off")
    left.legend(loc="center", bbox_to_anchor=(0.33, 0.42), handletextpad=0.1)
    theta = np.linspace(0, np.pi, 100)
    right.plot(theta, (np.pi - theta) / (2 * np.pi), **THEORY_LINE, label=r"$(\pi-\theta)/2\pi$")
    seen = np.linspace(0, np.pi, 13)
    both = [np.mean((w[:, 0] > 0) & (w @ [np.cos(t), np.sin(t)] > 0)) for t in seen]
    right.plot(seen, both, "o", c=FIRST_LAYER, label=f"counted, {directions} directions")
    right.set(xlabel=r"angle $\theta$ between $x$ and $x'$", ylabel="fraction active for both")
    right.set_xticks([0, np.pi / 2, np.pi], ["0", "π/2", "π"])
    right.legend()
    show(
        fig,
        "Directions active for both inputs fill a wedge; their fraction falls linearly with the "
        "angle.",
    )


def area_under_kappa0(u: float = 0.4) -> None:
    """κ₀ over [-1, 1], and the area from -1 to u that the last layer's part is."""
    s = np.linspace(-1, 1, 400)
    kappa0 = (np.pi - np.arccos(s)) / (2 * np.pi)
    fig, ax = panels(1, (5.5, 2.9), left=0.45, top=0.1)
    ax.plot(s, kappa0, c=FIRST_LAYER)
    ax.fill_between(s, kappa0, where=s <= u, color=LAST_LAYER, alpha=0.35, lw=0)
    ax.annotate(r"$\kappa_0$", (0.75, 0.42), c=FIRST_LAYER, fontsize=14, ha="right")
    ax.annotate(
        r"this area is $\kappa_1(u)$", (-0.35, 0.07), c=LAST_LAYER, fontsize=12, ha="center"
    )
    ax.set(xlabel=r"$u=\cos\theta$", xlim=(-1, 1), ylim=(0, 0.52))
    ax.set_xticks([-1, 0, u, 1], ["-1", "0", "$u$", "1"])
    show(fig, "The curve kappa-zero between -1 and 1, with the area under it from -1 to u shaded.")


def kernel_profile(kernel: Kernel, width: int = 20_000, narrow: int = 100, seed: int = 0) -> None:
    """The student's kernel on the unit circle against random networks, split into the two layers'
    parts."""
    generator = torch.Generator().manual_seed(seed)
    angle = torch.linspace(0, torch.pi, 121, dtype=torch.float64)
    circle = torch.stack([angle.cos(), angle.sin()], dim=1)
    total = np.asarray(kernel(circle[:1], circle).detach().double()[0])
    first = np.asarray(angle.cos() * (torch.pi - angle) / (2 * torch.pi))
    dots = circle[::8]
    wide = [np.asarray(part[0]) for part in random_ntk(dots, width, generator)]
    fig, ax = panels(1, (7.5, 3.6), top=0.1)
    theta = np.asarray(angle)
    for seed in range(5):
        inner, outer = random_ntk(circle, narrow, generator)
        net = np.asarray((inner + outer)[0])
        ax.plot(
            theta,
            net,
            c="0.75",
            lw=0.8,
            label=f"five nets of width {narrow}" if seed == 0 else None,
        )
    for curve, dot, colour, name in (
        (total, wide[0] + wide[1], BOTH, "both layers: your kernel"),
        (total - first, wide[1], LAST_LAYER, "last layer: yours minus the first"),
        (first, wide[0], FIRST_LAYER, r"first layer: $u\,\kappa_0(u)$"),
    ):
        ax.plot(theta, curve, c=colour, label=name)
        ax.plot(theta[::8], dot, "o", c=colour, ms=4)
    ax.plot([], [], "o", c="0.35", ms=4, label=f"one net of width {width:,}")
    ax.set(xlabel=r"angle $\theta$ between two unit inputs", ylabel="kernel")
    ax.set_xticks([0, np.pi / 4, np.pi / 2, 3 * np.pi / 4, np.pi], ["0", "π/4", "π/2", "3π/4", "π"])
    ax.legend()
    show(
        fig, "Kernel against angle: your curve, its two parts, and dots from a wide random network."
    )


def hexagon(kernel: Kernel) -> None:
    """Eigenvalues of the student's kernel on a regular hexagon, with the smallest one of the
    mistaken formula."""
    angle = torch.arange(6, dtype=torch.float64) * torch.pi / 3
    inputs = torch.stack([angle.cos(), angle.sin()], dim=1)
    values = np.linalg.eigvalsh(np.asarray(kernel(inputs, inputs).detach().double()))
    points = np.asarray(inputs)
    fig, (left, right) = panels(2, (7.5, 2.9), left=0.05, width_ratios=(1, 1.8))
    left.fill(*points.T, facecolor="none", edgecolor="0.7")
    left.plot(*points.T, "o", c=BOTH)
    left.set(aspect="equal", xlim=(-1.2, 1.2), ylim=(-1.2, 1.2), title="six unit inputs")
    left.axis("off")
    right.bar(np.arange(1, 7), values, color=BOTH, width=0.6, label="your kernel")
    right.axhline(
        -np.sqrt(3) / (2 * np.pi),
        **THEORY_LINE,
        label=r"smallest of the mistaken: $-\sqrt{3}/2\pi$",
    )
    right.axhline(0, color="k", lw=0.8)
    right.set(xlabel="eigenvalue, sorted", title="eigenvalues of the 6 × 6 Gram matrix")
    right.legend(loc="upper left")
    show(
        fig,
        "A hexagon, and the eigenvalues of your kernel on it: none of them is negative if it is "
        "right.",
    )


def gram_and_spectrum(
    K: ArrayLike, title: str, log: bool = True, order: ArrayLike | None = None
) -> None:
    """A Gram matrix (n, n) as an image, and its eigenvalues in ascending order. `order` sorts rows
    and columns."""
    gram = np.asarray(K)
    values = np.linalg.eigvalsh(gram)
    rows = np.arange(len(gram)) if order is None else np.asarray(order)
    fig, (left, right) = panels(2, (7.5, 3.3))
    picture = left.imshow(gram[np.ix_(rows, rows)], interpolation="auto")
    left.set(title=title, xlabel="input", ylabel="input")
    left.grid(False)
    fig.colorbar(picture, ax=left, shrink=0.85)
    right.plot(np.arange(1, len(values) + 1), values, ".-" if len(gram) < 60 else "-", c=BOTH)
    right.set(title="eigenvalues, sorted", xlabel="index", yscale="log" if log else "linear")
    if log:
        plain_powers(right.yaxis)
    else:
        right.set_ylim(0, 1.05 * values[-1])
    show(fig, f"{title}: the matrix as an image, and its sorted eigenvalues.")


def kernel_drift(widths: ArrayLike, drifts: ArrayLike) -> None:
    """Relative change of the network's own kernel during training, against its width (both
    logarithmic)."""
    widths, drifts = np.asarray(widths, dtype=float), np.asarray(drifts)
    fig, ax = panels(1, (5.5, 3), top=0.1)
    ax.loglog(widths, drifts, "o-", c=BOTH, label="measured")
    ax.loglog(
        widths,
        drifts[0] * (widths[0] / widths) ** 0.5,
        **THEORY_LINE,
        label=r"slope of $1/\sqrt{m}$",
    )
    ax.set(xlabel="width $m$", ylabel=r"$\|K_T - K_0\| \,/\, \|K_0\|$")
    ax.set_xticks(widths, [f"{int(m)}" for m in widths])
    ax.minorticks_off()
    plain_powers(ax.yaxis)
    ax.legend()
    show(
        fig,
        "The kernel's relative change during training falls with the width, faster than one over "
        "its root.",
    )
