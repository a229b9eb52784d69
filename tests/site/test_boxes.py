"""From a notebook's cells to a page's: boxes, hints, places for answers, pictures; and nothing of
the master but what given cells have put out."""

from __future__ import annotations

import base64
import io
import json

import matplotlib.pyplot as plt
import nbformat
import pytest
import torch

from ntk_helpers.figures import show
from tests.conftest import FIRST, ROOT
from tools.site import motion
from tools.site.boxes import boxes
from tools.site.drawing import figure
from tools.site.notebook import labs, page
from tools.site.pictures import size, taken_out

EXERCISE = """Some text.

<div class="alert alert-success">

**Exercise 4 · the kernel** &nbsp; ★★★ &nbsp; 25 minutes &nbsp; 5 points

Write `k`.

$$ k(x) = 1 $$

</div>

<details><summary>Hint: the **limit**</summary>

Use `torch`.

</details>"""


def test_an_exercise_becomes_an_admonition_with_an_address():
    made = boxes(EXERCISE, "exercise-k")
    assert "(exercise-k)=\n:::::{admonition} Exercise 4 · the kernel\n:class: exercise" in made
    assert 'aria-label="difficulty 3 of 3">★★★' in made
    assert "<span>25 minutes</span> <span>5 points</span>" in made
    assert "$$ k(x) = 1 $$" in made and ":::::{dropdown} Hint: the **limit**" in made
    assert "<div" not in made and "<details" not in made and made.startswith("Some text.")


@pytest.mark.parametrize(
    ("body", "title", "rest"),
    [
        ("**Predict, then run.** Does it fall?", "Predict, then run", "Does it fall?"),
        ("**Predict, on paper.** What is\nthe angle?", "Predict, on paper", "What is\nthe angle?"),
        ("Does it fall?", "Question", "Does it fall?"),
    ],
)
def test_a_question_becomes_an_admonition(body, title, rest):
    made = boxes(f'<div class="alert alert-info">\n\n{body}\n\n</div>')
    assert f":::::{{admonition}} {title}\n:class: predict" in made and rest in made
    assert "**" not in made


def test_text_without_boxes_stays_as_it_is():
    text = "A `<div>` in code, **bold** &nbsp; and\n\n$$ a < b $$"
    assert boxes(text) == text


def test_all_boxes_of_all_labs_are_understood():
    for lab in labs(ROOT / "release"):
        for cell in lab.notebook.cells:
            if cell.cell_type == "markdown":
                assert "<div" not in boxes(cell.source) and "<details" not in boxes(cell.source)
        assert len(list(lab.exercises())) >= 4


def test_a_picture_becomes_a_file_with_its_size(tmp_path, capsys):
    fig, _ = plt.subplots(figsize=(3, 2))
    content = io.BytesIO()
    fig.savefig(content, dpi=50)
    plt.close(fig)
    data = base64.b64encode(content.getvalue()).decode()
    html = f'<p>before</p><img alt="two dots" src="data:image/png;base64,{data}">'
    made = taken_out(html, tmp_path / "pictures", "../p")
    [file] = (tmp_path / "pictures").iterdir()
    assert file.read_bytes() == content.getvalue() and size(content.getvalue()) == (150, 100)
    assert f'src="../p/{file.name}"' in made and made.count("width=") == 1
    assert 'style="aspect-ratio: 150 / 100"' in made and 'loading="lazy"' in made
    # two widths would be no HTML: one that is given stays
    again = taken_out(html.replace('">', '" width="75">'), tmp_path / "pictures", "../p")
    assert again.count("width=") == 1 and 'width="75"' in again
    assert 'alt="two dots"' in made and "base64" not in made


def test_what_is_no_picture_is_refused(tmp_path):
    fake = base64.b64encode(b"<svg onload=alert(1)>").decode()
    with pytest.raises(ValueError, match="no PNG"):
        taken_out(f'<img src="data:image/png;base64,{fake}">', tmp_path, "p")


def test_of_the_master_only_outputs_of_given_cells_are_taken(tmp_path):
    """A master in which every cell has put out a secret: only the given ones' come through, and no
    source at all."""
    [lab] = [lab for lab in labs(ROOT / "release") if lab.path.stem == FIRST]
    master = nbformat.read(ROOT / "source" / lab.assignment / lab.path.name, as_version=4)
    given = 0
    for cell in master.cells:
        cell.source += "\n# SOURCE-OF-MASTER"
        if cell.cell_type == "code":
            facts = cell.metadata.nbgrader
            is_given = facts.locked and not facts.grade and not facts.solution
            given += is_given
            text = "GIVEN" if is_given else "SECRET"
            cell.outputs = [nbformat.v4.new_output("stream", text=text)]
    path = tmp_path / "master.ipynb"
    nbformat.write(master, path)
    made = nbformat.writes(page(lab, path, tmp_path))
    assert made.count("GIVEN") == given > 20
    assert "SECRET" not in made and "SOURCE-OF-MASTER" not in made


def test_a_helpers_figure_is_one_that_the_site_can_take_out(tmp_path, monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: shown.append(data))
    fig, _ = plt.subplots()
    show(fig, "nothing at all")
    assert "base64" not in taken_out(shown[0]["text/html"], tmp_path, "p")


def test_the_moving_picture_is_what_training_gives():
    """The stored frames are those of the trainings, as far as a few steps tell; at the end the lazy
    network says what its kernel says, and the rich one knows the labels."""
    stored = json.loads(motion.PATH.read_text())
    made = motion.compute(until=12)
    known = len(made["steps"])
    assert stored["steps"][:known] == made["steps"] and stored["steps"] == motion.frames()
    assert stored["labels"] == made["labels"] and known > 8
    for name in ("kernel", "lazy", "rich"):
        found, wanted = (
            torch.tensor(x[name][:known] if name != "kernel" else x[name]) for x in (made, stored)
        )
        assert (found - wanted).abs().max() <= 2, name
    lazy, rich, kernel, labels = (
        torch.tensor(x)
        for x in (stored["lazy"][-1], stored["rich"][-1], stored["kernel"], stored["labels"])
    )
    assert (lazy - kernel).abs().max() < 15
    assert ((rich > 0) == (labels > 0)).float().mean() > 0.95
    assert ((kernel > 0) == (labels > 0)).float().mean() < 0.85


def test_the_still_shows_the_end_of_training():
    stored = json.loads(motion.PATH.read_text())
    html = figure(stored)
    assert html.count("<circle") == 2 * len(stored["labels"])
    assert html.count('role="img"') == 2 and 'class="motion-controls" hidden' in html
    assert f"{stored['steps'][-1]} steps" in html
