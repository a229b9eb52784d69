"""What a checkpoint says in a running notebook about names and modules that are not there."""

from __future__ import annotations

import ast
import os
import re

import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from ntk_helpers.checkpoints import CheckpointFailed, checkpoint
from ntk_helpers.checkpoints._imports import absent, fails
from ntk_helpers.packages import LAB, OWN, missing
from tests.conftest import ROOT

BOUND = """
def gen_bound(H, y):
    import torch
    return float(torch.sqrt(2 * y @ torch.linalg.solve(H, y) / len(y)))
"""


def run(folder, *sources, **environment):
    """What each cell shows: (outputs' text, an error's lines)."""
    cells = [
        new_code_cell(source)
        for source in ("from ntk_helpers.checkpoints import checkpoint", *sources)
    ]
    notebook = new_notebook(cells=cells)
    kernel = os.environ | {"PYTHONPATH": f"{ROOT}"} | environment
    client = NotebookClient(
        notebook, allow_errors=True, timeout=60, resources={"metadata": {"path": str(folder)}}
    )
    client.execute(env=kernel)
    shown = []
    for cell in notebook.cells[1:]:
        texts = [o.text for o in cell.outputs if o.output_type == "stream"]
        errors = [o for o in cell.outputs if o.output_type == "error"]
        shown.append(("".join(texts), errors[0] if errors else None))
    return shown


def one(lines):
    """Lines that were broken for their width, as one text."""
    return " ".join(" ".join(lines).split())


def test_a_name_that_is_not_there(tmp_path):
    shown = run(
        tmp_path,
        'checkpoint("gen_bound", gen_bound)',
        'checkpoint("interpolate", [], train_images, 1)',
        "x = unknown_thing",
        "def f():\n    return unheard_of\nf()",
        "def gen_bound(H, y):\n    return not_mine(H)",
        'checkpoint("gen_bound", gen_bound)',
        'checkpoint("gen_bound",\n    gen_bound if yet_another else 0)',
        BOUND,
        'checkpoint("gen_bound", gen_bound)',
        "get_ipython().set_custom_exc((), None)",
        "x = unknown_thing",
    )
    for number, words in ((0, "finish the answer"), (1, "a cell further up makes it")):
        error = shown[number][1]
        assert error.ename == "NameError" and "is not defined" in error.evalue  # the grader's cue
        assert len(error.traceback) <= 3 and max(map(len, error.traceback)) <= 83
        assert words in one(error.traceback) and "Traceback" not in one(error.traceback)
        assert "run" in one(error.traceback) and "then this one again." in one(error.traceback)
    assert "`gen_bound` is not defined yet" in one(shown[0][1].traceback)
    assert "`train_images` is not defined yet" in one(shown[1][1].traceback)
    for number in (2, 3, 5, 6):  # anybody's own: the ordinary traceback
        text = "\n".join(shown[number][1].traceback)
        assert (
            shown[number][1].ename == "NameError" and "Traceback" in text and "Not yet" not in text
        )
    with_us, without_us = ("\n".join(shown[n][1].traceback) for n in (2, 10))
    assert re.sub(r"In.*?\d+.*?\]", "", with_us) == re.sub(r"In.*?\d+.*?\]", "", without_us)
    assert "unheard_of" in "".join(shown[3][1].traceback)
    assert shown[8][1] is None and "diagonal example" in shown[8][0] and "But" not in shown[8][0]


def test_a_module_that_is_not_there(tmp_path):
    (tmp_path / "my_utils.py").write_text("half = 0.5\n")
    within = BOUND.replace("import torch", "import torch, seaborn")
    handled = "try:\n    import seaborn\nexcept ImportError:\n    seaborn = None\n" + BOUND
    cells = [
        "import seaborn" + BOUND,
        'checkpoint("gen_bound", gen_bound)',
        within,
        'checkpoint("gen_bound", gen_bound)',
        handled,
        'checkpoint("gen_bound", gen_bound)',
    ]
    own = ["from my_utils import half" + BOUND, 'checkpoint("gen_bound", gen_bound)']
    shown = run(tmp_path, *cells, *own)
    assert shown[0][1].ename == "ModuleNotFoundError" and "Traceback" in one(shown[0][1].traceback)
    for number in (1, 3):
        lines = shown[number][1].traceback
        assert missing("seaborn") in one(lines), lines
        assert len(lines) <= 3 and max(map(len, lines)) <= 83
    assert "my_utils" not in shown[5][0]
    assert shown[7][1] is None and missing("my_utils") in one([shown[7][0]])
    validated = run(tmp_path, *own, own[1], NBGRADER_VALIDATING="1")
    assert missing("my_utils") in one(validated[1][1].traceback)
    assert validated[2][1] is None  # said once


def test_outside_of_a_notebook_a_missing_module_is_told_too():
    def gen_bound(H, y):
        import no_such_module_at_all.part  # noqa: F401

    def picky(H, y):
        from os.path import no_such_name  # noqa: F401

    for function, name in ((gen_bound, "no_such_module_at_all"), (picky, "posixpath.no_such_name")):
        with pytest.raises(CheckpointFailed) as failure:
            checkpoint("gen_bound", function)
        assert missing(name) in one([str(failure.value)])


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("import seaborn as sns", ["seaborn"]),
        ("import seaborn.objects", ["seaborn.objects"]),
        ("from seaborn import objects", ["seaborn"]),
        ("def f():\n    from seaborn import x\n    return x", ["seaborn"]),
        ("try:\n    import seaborn\nexcept ValueError:\n    pass", ["seaborn"]),
        (
            "try:\n    import seaborn\nexcept (KeyError, ImportError):\n    import pandas_",
            [],
        ),
        ("try:\n    import seaborn\nexcept:\n    pass", []),
        ("import numpy.linalg, torch, math, ntk_helpers.plots, xml.dom", []),
        ("import PIL, sympy, IPython", []),
        ("from . import x", []),
        ("import pytest", ["pytest"]),
    ],
)
def test_which_imports_count(source, names):
    assert absent(ast.parse(source)) == [missing(name) for name in names]


def test_words():
    assert "`torch.nowhere` does not exist: the `torch` that is installed (" in missing(
        "torch.nowhere"
    )
    for name in ("winreg_", "seaborn", "my_utils"):
        assert "numpy, torch" in missing(name) and OWN in missing(name)
    for name in ("imp_", "msilib", "annotationlib"):
        assert ("another Python" in missing(name)) == (name != "imp_")
    assert fails(ast.parse("import pytest, seaborn")) == [missing("seaborn")]


def test_the_list_is_what_the_wheel_asks_for():
    import tomllib

    needs = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    names = {need.split(">")[0] for need in needs}
    # what our own package imports besides, and students may, since it comes along
    assert names - {"cycler", "ipykernel", "ipython", "pillow"} == set(LAB)
