"""Pictures of a choice: what is stored where nobody can slide, and that they tell the truth."""

from __future__ import annotations

import re
import subprocess
import sys

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch

from autograder.clean import clean_outputs
from ntk_helpers import figures, sliders
from ntk_helpers.interact import slide

RATES = (0.1, 0.2, 0.3, 0.4)


@pytest.fixture
def shown(monkeypatch):
    """What is handed to Jupyter."""
    outputs = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw=False: outputs.append(data))
    with matplotlib.rc_context():
        figures.use_style()
        yield outputs
    assert plt.get_fignums() == []


def alts(output):
    return re.findall(r'<img alt="([^"]*)" src="data:image/png;base64,', output["text/html"])


def numbers(text):
    return [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", text)]


def line(slope):
    fig, ax = figures.panels(1, (2.7, 2.4))
    ax.plot([0, slope])
    return fig, f'a line of "slope" {slope} & no other thing'


def test_one_output_with_a_text_for_each_picture(shown):
    for _ in range(2):
        slide(line, {f"{k} up": k for k in range(5)}, "slope <s>", stills=("3 up", "0 up"))
    output, again = shown
    assert output == again
    assert set(output) == {"text/html", "text/plain"}  # nobody is there: no widget
    assert alts(output) == [
        f"a line of &quot;slope&quot; {k} &amp; no other thing" for k in (3, 0, 1, 2, 4)
    ]
    assert output["text/plain"].splitlines() == [
        f'[Figure: a line of "slope" {k} & no other thing]' for k in (3, 0)
    ]
    before, folded = output["text/html"].split("<details>")
    assert before.count("<img") == 2 and folded.count("<img") == 3
    assert re.findall(r'data-at="(\d)" data-value="(\d) up"', output["text/html"]) == [
        (f"{k}", f"{k}") for k in (3, 0, 1, 2, 4)
    ]
    assert 'data-label="slope &lt;s&gt;" data-start="3"' in before and "<script" not in before


def test_what_is_stored_passes_the_sanitiser_with_its_texts(shown):
    slide(line, {f"{k}": k for k in range(5)}, "slope", stills=("0", "4"))
    (output,) = shown
    stored = {"output_type": "display_data", "data": output, "metadata": {}}
    [clean], incidents = clean_outputs([stored])
    assert incidents == [] and alts(clean.data) == alts(output)
    for text in ("<details><summary>More pictures: slope = 1, 2, 3</summary>", 'width="240"'):
        assert text in clean.data["text/html"]


def test_a_mode_beyond_the_limit_grows(shown):
    sliders.learning_rates([1.0, 10.0, 12.0, 100.0], RATES, stills=RATES[:3])  # 2 η λ / 4
    told = {numbers(alt)[0]: numbers(alt)[2] for alt in alts(shown[0])}
    assert told == {0.1: 1, 0.2: 1, 0.3: 1, 0.4: 2}  # 0.4: 2.4 and 20; 10 at the limit itself
    learned = {numbers(alt)[0]: numbers(alt)[-1] for alt in alts(shown[0])}
    assert learned == {0.1: 3, 0.2: 3, 0.3: 3, 0.4: 1}
    assert sliders.remaining(np.array([0.5, 3.0, 1.0]), 2) == pytest.approx([0.25, 4, 0])


def test_a_wrong_kernel_is_drawn_too(shown):
    sliders.learning_rates(torch.tensor([-3.0, 0.0, 1e300]), RATES, stills=RATES[:3])
    assert [numbers(alt)[2] for alt in alts(shown[0])] == [1] * 4


def test_the_dial_says_how_many_are_right(shown):
    labels = torch.tensor([1.0, -1.0, 1.0, -1.0])
    kernel = torch.tensor([0.5, 0.5, 0.2, -0.2])
    lazy, rich = 2 * kernel[:, None], labels[:, None] * torch.tensor([[1.0], [1.1], [0.9], [1.2]])
    sliders.dial(kernel, {20: lazy, 1: lazy, 0.05: rich}, labels, stills=(20, 0.05))
    told = {numbers(alt)[0]: numbers(alt)[1:] for alt in alts(shown[0])}
    assert told[20] == [1.0, 75.0] and told[0.05][1] == 100.0 and told[0.05][0] < 1


def test_the_plane_says_where_a_path_ends(shown):
    steps = 1 - 0.5 ** np.arange(40)[:, None]
    paths = {(0, 0): steps * [0.4, 0], (-1, 0.7): [-1, 0.7] + steps * [1.4, 1e-13]}
    slanted = {(1, 1): [1, 1] + steps * [-0.6, -0.25]}
    limits = dict.fromkeys([*paths, *slanted], np.array([0.4, 0.0]))
    sliders.plane(paths | slanted, limits, stills=[(0, 0), (-1, 0.7)])
    told = [numbers(alt) for alt in alts(shown[0])]
    assert told == [
        [0, 0, 0.4, 0, 0.4, 0],
        [-1, 0.7, 1.4, 0, 0.4, 0.7],
        [1, 1, -0.6, -0.25, 0.4, 0.75],
    ]


@pytest.mark.slow  # a Python of its own
def test_the_first_labs_imports_bring_no_pyplot():
    """It takes more than half a second, and a submission is marked without any figure."""
    code = (
        "import sys; from ntk_helpers import kernel_plots, plots, regression_plots, sliders; "
        "sys.exit('matplotlib.pyplot' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
