"""Three courses in the shapes that public ones have: with data and plots, in several notebooks, and
in steps. Each is what `tests.helpers.foreign.make` takes."""

from __future__ import annotations

from tests.helpers.foreign import (
    THREE_LINES,
    by_hand,
    graded,
    notebook,
    plain,
    solution,
    task,
    text,
)

TEST = "assert f(1) == 2\n### BEGIN HIDDEN TESTS\nassert f(20) == 40, 'twice'\n### END HIDDEN TESTS"
OWN_MARKS = """c.ClearSolutions.begin_solution_delimeter = "ANSWER"
c.ClearSolutions.end_solution_delimeter = "REWSNA"
c.ClearSolutions.code_stub = {"python": "...  # yours"}
c.ClearHiddenTests.begin_test_delimeter = "VEILED"
c.ClearHiddenTests.end_test_delimeter = "DELIEV"
"""
HELPER = b"import numpy as np\n\n\ndef load():\n    return np.loadtxt('data.csv')\n"


def twice(name: str = "f") -> str:
    region = (
        "### BEGIN SOLUTION\n    doubled = x + x  # {}\n    return doubled\n    ### END SOLUTION"
    )
    return f"def {name}(x):\n    {region.format(name * 9)}"


def data() -> dict:
    """(a) Data and a module beside the notebook, plots by hand, open cells, no cell ids."""
    cells = [
        text("# Data"),
        plain("import numpy as np\nfrom helper import load"),
        solution("f", "### BEGIN SOLUTION\nimport numpy as np\n### END SOLUTION\n" + twice()),
        graded("test_f", TEST, 2),
        by_hand("plot", "import matplotlib.pyplot as plt\ncurve = plt.plot(load())", 3),
        graded("test_plot", "assert len(curve) == 1"),
    ]
    files = {"helper.py": HELPER, "data.csv": b"1\n2\n"}
    return {"notebooks": {"hw": notebook(cells, ids=False, kernel="ada-editor")}, "files": files}


def several() -> dict:
    """(b) Four notebooks, one of them without tests; ids that copies of a notebook share; a
    task."""
    books = {
        f"part{i}": notebook(
            [
                text(f"# Part {i}"),
                solution(f"f{i}", twice()),
                graded("test", TEST, i),
                by_hand("why", "why"),
            ]
        )
        for i in (1, 2, 3)
    }
    books["part4"] = notebook(
        [text("Read."), task("survey", "Measure."), by_hand("essay", "It is so.", code=False)]
    )
    return {"notebooks": books}


def steps() -> dict:
    """(c) Steps that build on each other, and the course's own delimiters and stub."""
    own = "def {0}(x):\n    # ANSWER\n    doubled = x + x  # {0}{0}{0}\n    return doubled\n    # REWSNA"
    hidden = "assert {0}(1) == 2\n# VEILED\nassert {0}(20) == 40, 'twice'\n# DELIEV"
    cells = [text("# Steps")]
    for name in ("f", "g", "h"):
        cells += [solution(name, own.format(name)), graded(f"test_{name}", hidden.format(name))]
    return {"notebooks": {"steps": notebook(cells)}, "config": THREE_LINES + OWN_MARKS}


SHAPES = {"data": data, "several": several, "steps": steps}
