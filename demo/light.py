"""A light course: one notebook with one small exercise, so that marking it is nearly all
overhead."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from demo.submissions import ROOT

LIGHT = "light"
NOTEBOOK = "1-light"
RIGHT = (ROOT / "tests" / "answers" / "gradient_descent" / "right-reference.py").read_text
WRONG = "def gradient_descent(X, Y, w0, eta, T):\n    return 0 * X"


def _graded(id: str, **flags: bool | int) -> dict:
    return {
        "nbgrader": {
            "schema_version": 3,
            "grade_id": id,
            "task": False,
            "cell_type": "code",
            **flags,
        }
    }


def light_master() -> nbformat.NotebookNode:
    solution = f"### BEGIN SOLUTION\n{RIGHT()}\n### END SOLUTION"
    test = (
        "# The hidden tests.\n### BEGIN HIDDEN TESTS\nfrom autograder import "
        'check\n\ncheck("gradient_descent")\n### END HIDDEN TESTS'
    )
    cells = [
        new_markdown_cell("# A light assignment", id="title"),
        new_code_cell("import numpy as np", id="setup", metadata={"tags": ["setup"]}),
        new_code_cell(
            solution,
            id="gradient_descent",
            metadata=_graded("gradient_descent", solution=True, grade=False, locked=False),
        ),
        new_code_cell(
            test,
            id="test_gradient_descent",
            metadata=_graded(
                "test_gradient_descent", solution=False, grade=True, locked=True, points=3
            ),
        ),
    ]
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


def make_light_course(folder: Path, extra: str = "") -> Path:
    source = folder / "source" / LIGHT
    source.mkdir(parents=True)
    nbformat.write(light_master(), source / f"{NOTEBOOK}.ipynb")
    config = (ROOT / "nbgrader_config.py").read_text()
    (folder / "nbgrader_config.py").write_text(f"{config}\n{extra}\n")
    return folder


def submit(course: Path, student: str, answer: str) -> Path:
    """Hand in the light notebook with `answer` in its cell."""
    notebook = light_master()
    notebook.cells[2].source = answer
    notebook.cells[3].source = "# The hidden tests.\n"
    path = course / "submitted" / student / LIGHT / f"{NOTEBOOK}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
    return path
