"""Figures: shown once, with a text for those who cannot see them, the same bytes each time."""

from __future__ import annotations

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import pytest

from ntk_helpers import figures


@pytest.fixture
def shown(monkeypatch):
    """What `show` hands to Jupyter."""
    outputs = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: outputs.append(data))
    return outputs


def draw():
    with matplotlib.rc_context():
        figures.use_style()
        fig, ax = plt.subplots()
        ax.plot([0, 1])
    return fig


def test_show_says_what_the_picture_shows_and_closes_it(shown, capfd):
    fig = draw()
    assert figures.show(fig, 'a line, "rising" & <straight>') is None
    (output,) = shown
    assert 'alt="a line, &quot;rising&quot; &amp; &lt;straight&gt;"' in output["text/html"]
    assert output["text/plain"].startswith("[Figure: a line")
    assert not plt.fignum_exists(fig.number) and capfd.readouterr() == ("", "")


def test_the_same_figure_gives_the_same_small_picture(shown):
    for _ in range(2):
        figures.show(draw(), "a line")
    assert shown[0] == shown[1] and len(shown[0]["text/html"]) < 60_000


def test_the_style_is_colour_blind_safe():
    with matplotlib.rc_context():
        figures.use_style()
        assert plt.rcParams["axes.prop_cycle"].by_key()["color"] == list(figures.CYCLE)
        assert plt.rcParams["image.cmap"] == "cividis"
    layers = [figures.FIRST_LAYER, figures.LAST_LAYER, figures.BOTH, figures.THEORY]
    assert len(set(layers)) == 4
