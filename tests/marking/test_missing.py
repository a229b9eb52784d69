"""An answer that imports what is not there: the incident says which module, and what to do, in the
words that the student was told."""

from __future__ import annotations

import pytest

from autograder.marking.missing import asked_for, words
from autograder.sandbox.surroundings import Surroundings
from demo.submissions import answer
from ntk_helpers.packages import missing

RIGHT = answer("gradient_descent", "right-reference")


@pytest.mark.parametrize(
    ("error", "module"),
    [
        ("ModuleNotFoundError: No module named 'seaborn'", "seaborn"),
        ("ModuleNotFoundError: No module named 'torch.nowhere'", "torch.nowhere"),
        ("ModuleNotFoundError: No module named 'os.x'; 'os' is not a package", "os.x"),
        ("ImportError: cannot import name 'b' from 'a.c' (/usr/lib/a/c.py)", "a.c.b"),
        ("ImportError: cannot import name 'b' from partially initialized module 'a' (x)", "a.b"),
        ("Your code raised ModuleNotFoundError: No module named 'seaborn'", "seaborn"),
        ("ImportError: libcudart.so.12: cannot open shared object file", None),
        ("ValueError: No module named 'seaborn'", None),
        (f"ModuleNotFoundError: No module named '{'a' * 1000}'", None),
        ("ModuleNotFoundError: No module named '<b>bold</b>'", None),
        ("ModuleNotFoundError: ", None),
    ],
)
def test_which_module_an_error_speaks_of(error, module):
    assert asked_for(error) == module


def test_the_words_are_the_helpers_own():
    helpers = Surroundings(("no_such_helper", "json", "ntk_helpers"))
    assert words("seaborn", helpers) == missing("seaborn")
    assert "`seaborn` is not installed" in words("seaborn", Surroundings())


@pytest.mark.parametrize(
    ("text", "module", "points"),
    [
        ("import seaborn\n" + RIGHT, "seaborn", 0.0),
        ("import seaborn.objects as so\n" + RIGHT, "seaborn", 0.0),
        ("from torch import no_such_thing\n" + RIGHT, "torch.no_such_thing", 0.0),
        ("from my_utils import step\n" + RIGHT, "my_utils", 0.0),
        ("import msilib_ as m, annotationlib\n" + RIGHT, "msilib_", 0.0),
        (
            "def gradient_descent(X, Y, w0, eta, T):\n    import seaborn\n    return X",
            "seaborn",
            0.0,
        ),
        ("try:\n    import seaborn\nexcept ImportError:\n    seaborn = None\n" + RIGHT, None, 3.0),
    ],
    ids=["plain", "part", "name", "own-file", "other-python", "when-called", "handled"],
)
def test_the_incident_names_it_once(mark_second, text, module, points):
    found, result = mark_second({"gradient_descent": text})
    assert found["gradient_descent"] == points
    assert found["minimum_norm"] == 3.0
    expected = [f"gradient_descent: {missing(module)}"] if module else []
    assert result.incidents == expected


def test_a_flood_of_modules_is_no_flood_of_incidents(mark_second):
    shout = (
        "for i in range(500):\n    try:\n        __import__(f'no_{i}')\n"
        "    except ImportError:\n        get_ipython().showtraceback()\n"
    )
    _, result = mark_second({"gradient_descent": shout + RIGHT})
    assert 1 <= len(result.incidents) <= 12


def test_a_cell_of_the_students_own_is_named(mark_second):
    from nbformat.v4 import new_code_cell

    own = new_code_cell("import seaborn", id="my-cell")
    _, result = mark_second(change=lambda notebook: notebook.cells.insert(4, own))
    assert [text for text in result.incidents if "seaborn" in text] == [
        f"{cell.id}: {missing('seaborn')}"
        for cell in result.notebook.cells
        if cell.source == "import seaborn"
    ]
