"""Demonstration cells that nothing needs do not run: no mark depends on it, and what they show is
what was handed in."""

from __future__ import annotations

import json
from dataclasses import replace

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_output

from autograder.limits import Limits
from autograder.marking import examine
from autograder.marking.mark import mark_notebook
from autograder.marking.result import NotebookResult
from demo.submissions import fill
from tests.conftest import SECOND, marking_of
from tests.helpers.lab import terms

FULL = {"gradient_descent": 3.0, "lazy_directions": 3.0, "minimum_norm": 3.0}
TERMS = terms(Limits(cell_seconds=20))
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="


@pytest.fixture
def mark_second(exam, released, solved):
    """With the figures: they are what this is about."""
    return marking_of(exam, released, solved, seconds=8)


@pytest.fixture
def perfect(released, solved):
    return fill(released, solved)[SECOND]


def cell(result: NotebookResult, id: str):
    return next(c for c in result.notebook.cells if c.id == id)


def shown(result: NotebookResult, id: str) -> str:
    return "".join(
        output.get("text", "") or output.get("data", {}).get("text/plain", "")
        for output in cell(result, id).outputs
    )


def show(notebook, id: str, *outputs) -> None:
    next(c for c in notebook.cells if c.id == id).outputs = list(outputs)


def insert_before(notebook, id: str, source: str) -> None:
    index = next(i for i, c in enumerate(notebook.cells) if c.id == id)
    notebook.cells.insert(index, new_code_cell(source, id="my-own"))


def handed_in(notebook) -> None:
    show(notebook, "spectrum", new_output("stream", text="my own numbers\n"))
    picture = new_output("display_data", data={"image/png": PNG, "text/plain": "<Figure>"})
    script = new_output("display_data", data={"text/html": "<script>alert(1)</script>seen"})
    show(
        notebook, "descent-figure", picture, script, nbformat.from_dict({"output_type": "nonsense"})
    )


def test_what_was_handed_in_is_shown_cleaned_and_says_so(mark_second):
    points, result = mark_second(change=handed_in)
    assert points == FULL
    assert "demonstration cells" not in result.timings
    assert shown(result, "spectrum") == "as handed inmy own numbers\n"
    [line, picture, page] = cell(result, "descent-figure").outputs
    assert line.data["text/html"] == "<small>as handed in</small>"
    assert picture.data["image/png"].strip() and page.data["text/html"] == "seen"
    assert cell(result, "lazy-figure").outputs == []  # nothing was handed in: nothing is claimed
    assert any("descent-figure, as handed in" in text for text in result.incidents)


def slid(notebook) -> None:
    """As JupyterLab saves a cell with a slider."""
    view = {"version_major": 2, "version_minor": 0, "model_id": "0" * 32}
    mime = "application/vnd.jupyter.widget-view+json"
    widget = new_output("display_data", data={mime: view, "text/plain": "[Slider: start]"})
    picture = f'<div><img alt="A path." src="data:image/png;base64,{PNG}"></div>'
    stills = new_output(
        "display_data", data={"text/html": picture, "text/plain": "[Figure: A path.]"}
    )
    show(notebook, "plane-slide", widget, stills)
    notebook.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {}}}


def test_a_slider_that_was_handed_in_is_its_pictures(mark_second):
    points, result = mark_second(change=slid)
    assert points == FULL
    [_, line, pictures] = cell(result, "plane-slide").outputs
    assert line.data == {"text/plain": "[Slider: start]"}
    assert 'alt="A path."' in pictures.data["text/html"]
    assert result.incidents == [] and "widgets" not in result.notebook.metadata


@pytest.mark.parametrize(
    "outputs",
    [
        None,
        3,
        [[]],
        [{"output_type": "execute_result", "data": {"text/plain": "3.0"}}] * 3,
        [{"output_type": "stream", "name": "stdout", "text": "x" * 2**21}],
        [{"output_type": "error", "ename": "NameError", "evalue": "", "traceback": ["\x1b[2J"]}],
    ],
)
def test_whatever_is_claimed_there_costs_and_earns_nothing(mark_second, perfect, outputs):
    claimed = json.loads(nbformat.writes(perfect))
    for c in claimed["cells"]:
        if c["cell_type"] == "code":
            c["outputs"] = outputs
    points, _ = mark_second(data=json.dumps(claimed).encode())
    assert points == FULL


USES = """
assert len(losses) == T + 1 and distances[0] == 0
print("last loss", losses[-1], slowest)
"""


def test_a_cell_of_ones_own_finds_what_it_uses(mark_second):
    points, result = mark_second(change=lambda nb: insert_before(nb, "lazy_directions", USES))
    assert points == FULL
    own = next(c for c in result.notebook.cells if "last loss" in c.source)
    assert [output.output_type for output in own.outputs] == ["stream"]
    # those that it needs have run, and show what they printed here; the others did not
    assert shown(result, "descent").startswith("Loss at the start")
    assert cell(result, "descent").execution_count and cell(result, "spectrum").execution_count
    assert not cell(result, "lazy-numbers").execution_count


def guess_wrong(monkeypatch) -> None:
    """All demonstrations are left out, whatever needs them."""

    def everything(notebook, known):
        return frozenset(id for id, c in known.items() if c.kind.value == "demonstration")

    monkeypatch.setattr(examine, "left_out", everything)


def test_a_wrong_guess_costs_a_cell_nothing(mark_second, monkeypatch):
    guess_wrong(monkeypatch)
    points, result = mark_second(change=lambda nb: insert_before(nb, "lazy_directions", USES))
    own = next(c for c in result.notebook.cells if "last loss" in c.source)
    assert points == FULL and [output.output_type for output in own.outputs] == ["stream"]
    assert cell(result, "spectrum").execution_count  # everything before it ran
    assert not cell(result, "lazy-numbers").execution_count  # and nothing behind it


def test_a_wrong_guess_costs_an_answer_nothing(mark_second, solved, monkeypatch):
    guess_wrong(monkeypatch)
    leaning = solved["lazy_directions"].replace(
        "def lazy_directions(X, ws):",
        "def lazy_directions(X, ws):\n    assert len(eigenvalues) == p",
    )
    assert leaning != solved["lazy_directions"]
    points, result = mark_second({"lazy_directions": leaning})
    assert points == FULL and cell(result, "spectrum").execution_count


def test_a_wrong_guess_that_only_a_hidden_test_meets_costs_nothing(
    mark_second, solved, monkeypatch
):
    """The checkpoint is content: the name is missing at the first question of the test."""
    guess_wrong(monkeypatch)
    leaning = solved["lazy_directions"].replace(
        "def lazy_directions(X, ws):",
        "calls = []\n\ndef lazy_directions(X, ws):\n    calls.append(1)\n"
        "    if len(calls) > 1:\n        assert len(eigenvalues) == p",
    )
    points, result = mark_second({"lazy_directions": leaning})
    checkpoint = cell(result, "checkpoint_lazy_directions")
    assert not any(o.output_type == "error" for o in checkpoint.outputs)
    assert points == FULL and cell(result, "spectrum").execution_count


def test_a_name_that_is_nowhere_is_looked_for_once(mark_second):
    points, result = mark_second(
        {"lazy_directions": "def lazy_directions(X, ws):\n    return nope"}
    )
    assert points == FULL | {"lazy_directions": 0.0}
    counts = [c.execution_count for c in result.notebook.cells if c.get("execution_count")]
    assert len(counts) == len(set(counts))


def test_both_settings_give_the_same_marks_criteria_and_messages(exam, perfect, released):
    wrong = "def minimum_norm(X, Y, w0):\n    return w0 + eigenvalues[-1]"
    for notebook in (perfect, fill(released, {"minimum_norm": wrong})[SECOND]):
        insert_before(notebook, "minimum_norm", "print(losses[0], P.shape)")
        data = nbformat.writes(notebook).encode()
        kept, run = (
            mark_notebook(exam, SECOND, data, replace(TERMS, demonstrations=way), 5)
            for way in ("kept", "run")
        )
        assert "demonstration cells" in run.timings
        assert [e.to_json() for e in kept.exercises] == [e.to_json() for e in run.exercises]
