"""Pictures that a verdict shows where they say more than a sentence. Matplotlib is loaded only when
one is drawn."""

from __future__ import annotations

import io

import numpy as np

from ...checks.verdict import Picture

BLUE, VERMILION, GREY = "#0072B2", "#D55E00", "#777777"  # Okabe-Ito


def hexagon(eigenvalues: np.ndarray) -> Picture | None:
    """The eigenvalues (6,) of a kernel on the corners of a hexagon; None when they are not six
    finite numbers."""
    if eigenvalues.shape != (6,) or not np.isfinite(eigenvalues).all():
        return None
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5.6, 2.3), dpi=100, layout="constrained")
    shape, bars = figure.subplots(1, 2, width_ratios=(1, 2.2))
    angles = np.arange(7) * np.pi / 3
    shape.plot(np.cos(angles), np.sin(angles), color=GREY, linewidth=1)
    shape.plot(np.cos(angles), np.sin(angles), "o", color=BLUE)
    shape.set_aspect("equal")
    shape.set_axis_off()
    shape.set_title("six inputs", fontsize=10)
    colours = [VERMILION if value < 0 else BLUE for value in eigenvalues]
    bars.bar(
        np.arange(1, 7),
        eigenvalues,
        color=colours,
        hatch=["//" if v < 0 else "" for v in eigenvalues],
    )
    bars.axhline(0, color="black", linewidth=1)
    bars.set_title("eigenvalues of your kernel's Gram matrix", fontsize=10)
    bars.set_xlabel("index")
    bars.tick_params(labelsize=8)
    bars.spines[["top", "right"]].set_visible(False)
    buffer = io.BytesIO()
    FigureCanvasAgg(figure).print_png(buffer)
    listed = ", ".join(f"{value:.2f}" for value in eigenvalues)
    return Picture(
        buffer.getvalue(), f"Bar chart of the kernel's eigenvalues on a regular hexagon: {listed}."
    )
