"""One look for every figure of the lab: `use_style()` once, then `panels(…)` and `show(fig, alt)`
for each figure.

Colours are those of Okabe and Ito (2008), which stay apart under the common colour blindnesses;
images use cividis. A colour keeps its meaning from the derivation to the last plot: one for each
layer's part of the kernel.
"""

from __future__ import annotations

import base64
import html
import io
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
YELLOW, BLUE, VERMILION, PURPLE = "#F0E442", "#0072B2", "#D55E00", "#CC79A7"

FIRST_LAYER = BLUE  # the part of the kernel that comes from the first layer's gradient (κ₀)
LAST_LAYER = VERMILION  # the part that comes from the last layer's gradient (κ₁)
BOTH = GREEN  # their sum: the NTK
THEORY = BLACK  # a formula's prediction, always drawn with THEORY_LINE
THEORY_LINE: dict[str, Any] = {"color": THEORY, "linestyle": "--", "linewidth": 1.5}

CYCLE = (BLUE, VERMILION, GREEN, ORANGE, PURPLE, SKY, BLACK)
# an 8-inch-wide figure is 800 pixels wide: as wide as a notebook's column, about 30 kB as PNG
DPI = 100
SIZE = (7.5, 3.2)  # inches

POWER = re.compile(r"\$\\mathdefault\{10\^\{(-?\d+)\}\}\$")  # as matplotlib writes one
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def use_style() -> None:
    """Set matplotlib's defaults for the lab (call it once, in the notebook's first cell)."""
    import matplotlib as mpl
    from cycler import cycler

    mpl.rcParams.update(
        {
            "figure.figsize": SIZE,
            "figure.dpi": DPI,
            "savefig.dpi": DPI,
            "figure.facecolor": "white",
            "figure.constrained_layout.use": True,
            "axes.prop_cycle": cycler(color=CYCLE),
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.grid": True,
            "axes.axisbelow": True,
            "axes.titlesize": 12,
            "axes.labelsize": 11,
            "grid.alpha": 0.3,
            "grid.linewidth": 0.6,
            "lines.linewidth": 1.8,
            "xtick.labelsize": 10,
            "ytick.labelsize": 10,
            "legend.fontsize": 10,
            "legend.frameon": False,
            "font.size": 11,
            "image.cmap": "cividis",
            "image.interpolation": "nearest",
        }
    )


def panels(
    columns: int = 1,
    size: tuple[float, float] = SIZE,
    *,
    left: float = 0.7,
    right: float = 0.15,
    bottom: float = 0.5,
    top: float = 0.32,
    gap: float = 0.65,
    **options: Any,
) -> tuple[Figure, Any]:
    """A figure with `columns` axes side by side, as `plt.subplots` returns them.

    The room around the axes is given, not found: matplotlib's constrained layout draws every label
    several times to measure it, and takes more than half of a figure's time.

    Args:
        columns: how many axes.
        size: width and height of the figure (inches).
        left, right, bottom, top: room around the axes (inches).
        gap: room between two axes (inches).
        options: whatever else `plt.subplots` takes.
    """
    import matplotlib.pyplot as plt

    width, height = size
    each = (width - left - right - gap * (columns - 1)) / columns  # on average
    room = {
        "left": left / width,
        "right": 1 - right / width,
        "bottom": bottom / height,
        "top": 1 - top / height,
        "wspace": gap / each,
    }
    return plt.subplots(1, columns, figsize=size, layout="none", gridspec_kw=room, **options)


def plain_powers(*axes: Axis) -> None:
    """Write the powers of ten of logarithmic axes as plain text, 10⁻³: to typeset each as a formula
    takes as long as to draw the axis."""
    from matplotlib.ticker import LogFormatterSciNotation

    class Powers(LogFormatterSciNotation):
        def __call__(self, x: float, pos: int | None = None) -> str:
            text = super().__call__(x, pos)
            power = POWER.fullmatch(text)
            return f"10{power[1].translate(RAISED)}" if power else text

    for axis in axes:
        axis.set_major_formatter(Powers())


def show(fig: Figure, alt: str) -> None:
    """Display a figure as PNG with a text for those who cannot see it, then close it. Returns
    nothing.

    The output is HTML, `<img alt=…>`: JupyterLab and nbconvert's default page show its text to
    screen readers, while both ignore an alternative text in the metadata of a plain image/png
    output.

    Args:
        fig: the figure.
        alt: one sentence that says what the picture shows.
    """
    import matplotlib.pyplot as plt
    from IPython.display import display

    png = io.BytesIO()
    # no version in the file: same figure, same bytes
    fig.savefig(png, format="png", metadata={"Software": None})
    plt.close(fig)
    picture = base64.b64encode(png.getvalue()).decode("ascii")
    image = f'<img alt="{html.escape(alt)}" src="data:image/png;base64,{picture}">'
    display({"text/html": image, "text/plain": f"[Figure: {alt}]"}, raw=True)
