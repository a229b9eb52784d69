"""A picture that depends on one choice: as a slider where somebody can move it, and as pictures
side by side wherever the notebook is read.

All pictures are drawn once. What is stored is HTML without any script: a few typical pictures, the
others folded away, each with its alternative text. A page may load a script that plays them
(`site/_static/player.js`); the attributes `data-…` are for it, and may get lost.
"""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FRAME = (2.7, 2.4)  # inches; three side by side are as wide as a notebook's column
FRAME_DPI = 200  # one alone is shown nearly twice as large, and is sharp
STILL_WIDTH, ALONE_WIDTH = 240, 460  # pixels
COLOURS = 64  # of a picture's palette: a third of the bytes
SMALL: Any = {  # text for so small a figure
    "axes.titlesize": 8,
    "axes.labelsize": 8,
    "xtick.labelsize": 7,
    "ytick.labelsize": 7,
    "legend.fontsize": 7,
    "lines.linewidth": 1.2,
}


def slide(
    draw: Callable[[Any], tuple[Figure, str]],
    choices: Mapping[str, Any],
    label: str,
    stills: Sequence[str],
) -> None:
    """Show the picture of each choice. Returns nothing.

    Args:
        draw: from a choice to a figure, which is closed here, and a sentence that says what it
            shows.
        choices: {what a reader sees: the choice}, in the order of the slider.
        label: what is chosen; the slider's name.
        stills: the typical ones, which are always seen; the slider begins with the first.
    """
    from IPython.display import display
    from matplotlib import rc_context

    images, alts = {}, {}
    for text, choice in choices.items():
        with rc_context(SMALL):
            fig, alts[text] = draw(choice)
        images[text] = _image(_png(fig), alts[text])
    if _somebody_is_there():
        view = _slider(images, label, stills[0])._repr_mimebundle_()
        # what a widget calls itself holds the picture, as text
        display(view | {"text/plain": f"[Slider: {label}]"}, raw=True)
    plain = "\n".join(f"[Figure: {alts[text]}]" for text in stills)
    display({"text/html": _page(images, label, stills), "text/plain": plain}, raw=True)


def _png(fig: Figure) -> bytes:
    """A figure as PNG with few colours; the same figure gives the same bytes."""
    import matplotlib.pyplot as plt
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image

    fig.set_dpi(FRAME_DPI)
    canvas = FigureCanvasAgg(fig)
    canvas.draw()
    picture = Image.frombytes("RGBA", canvas.get_width_height(), canvas.buffer_rgba().tobytes())
    plt.close(fig)
    png = io.BytesIO()
    octree = Image.Quantize.FASTOCTREE  # five times as quick as the others, as good for few colours
    picture.convert("RGB").quantize(COLOURS, octree, dither=Image.Dither.NONE).save(png, "PNG")
    return png.getvalue()


def _image(png: bytes, alt: str) -> str:
    source = base64.b64encode(png).decode("ascii")
    return f'<img alt="{html.escape(alt)}" src="data:image/png;base64,{source}"'


def _page(images: Mapping[str, str], label: str, stills: Sequence[str]) -> str:
    """The stored HTML: only elements that nbconvert, JupyterLab and a sanitiser leave alone."""
    places = {text: at for at, text in enumerate(images)}

    def row(texts: Sequence[str]) -> str:
        about = {
            text: f'data-at="{places[text]}" data-value="{html.escape(text)}"' for text in texts
        }
        tags = [f'{images[text]} width="{STILL_WIDTH}" {about[text]}>' for text in texts]
        return "<div>" + "\n".join(tags) + "</div>"

    others = [text for text in images if text not in stills]
    name, rest = html.escape(label), html.escape(", ".join(others))
    return (
        f'<div class="ntk-player" data-label="{name}" data-start="{places[stills[0]]}">\n'
        f"{row(stills)}\n<details><summary>More pictures: {name} = {rest}</summary>\n"
        f"{row(others)}</details></div>"
    )


def _slider(images: Mapping[str, str], label: str, start: str) -> Any:
    """A slider over the pictures, and a number to go through them: Notebook 7 keeps the arrow keys
    of a slider to itself."""
    import ipywidgets as widgets

    slider = widgets.SelectionSlider(
        options=list(images),
        value=start,
        description=label,
        style={"description_width": "initial"},
        layout={"width": "460px", "max_width": "98%"},
    )
    number = widgets.BoundedIntText(
        min=1,
        max=len(images),
        description="picture",
        style={"description_width": "initial"},
        layout={"width": "120px"},
    )
    picture = widgets.HTML()
    widgets.link((slider, "index"), (number, "value"), (lambda at: at + 1, lambda at: at - 1))
    widgets.dlink(
        (slider, "value"), (picture, "value"), lambda text: f"{images[text]} width={ALONE_WIDTH}>"
    )
    controls = widgets.HBox([slider, number], layout={"flex_flow": "row wrap"})
    return widgets.VBox([controls, picture])


def _somebody_is_there() -> bool:
    """Whether a notebook's page has asked for the running cell: it names the cell in its request,
    and programs that run notebooks (nbclient, nbval, the grader) do not."""
    from IPython import get_ipython

    kernel = getattr(get_ipython(), "kernel", None)
    parent = kernel.get_parent() if kernel is not None else {}
    return "cellId" in parent.get("metadata", {})
