"""The class table in terminals of any width: what matters is never cut off."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from autograder.reports.table import class_table


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_the_sum_and_what_waits_stand_beside_the_name(exam, width):
    points = {cell.exercise: 2.0 for notebook in exam.notebooks for cell in notebook.graded()}
    rows = {
        "ada": {"points": points, "seconds": 20, "status": "graded"},
        "bob": {"points": points, "seconds": 2, "status": "review"},
    }
    page = io.StringIO()
    Console(file=page, width=width).print(class_table(exam, rows))
    ada, bob = (next(x for x in page.getvalue().splitlines() if n in x) for n in rows)
    assert ada.split()[:2] == ["ada", f"{2 * len(points)}"] and bob.split()[:2] == ["bob", "REVIEW"]
