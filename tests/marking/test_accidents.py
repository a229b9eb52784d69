"""Honest accidents keep every mark that they deserve. Each case is marked for real, in the
sandbox."""

from __future__ import annotations

import copy
import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from tests.conftest import SECOND

FULL = {"gradient_descent": 3.0, "lazy_directions": 3.0, "minimum_norm": 3.0}


def cell_of(notebook, id):
    return next(c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == id)


def without(exercise):
    return FULL | {exercise: 0.0}


@pytest.mark.parametrize(
    "text",
    [
        "while True:\n    pass",
        "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True:\n    pass",
        "import os\nos._exit(0)",
        "import ctypes\nctypes.string_at(0)",
        "raise ImportError('no such module')",
        "def lazy_directions(X, ws)\n    return 0",
        "import sys\nsys.exit('enough')",
        "x = [bytearray(2**30) for _ in range(64)]",
    ],
    ids=[
        "loop",
        "loop-ignores-sigint",
        "exit",
        "segfault",
        "import-error",
        "syntax-error",
        "sys-exit",
        "memory",
    ],
)
def test_a_broken_cell_costs_its_own_exercise_only(mark_second, text):
    points, result = mark_second({"lazy_directions": text})
    assert points == without("lazy_directions")
    assert result.timings.get("solution cells", 0) < 20


@pytest.mark.parametrize(
    "body",
    ["while True: pass", "import os; os._exit(3)", "import ctypes; ctypes.string_at(0)"],
    ids=["hangs", "exits", "crashes"],
)
def test_a_function_that_ends_the_kernel_when_called(mark_second, body):
    points, result = mark_second({"lazy_directions": f"def lazy_directions(X, ws):\n    {body}"})
    assert points == without("lazy_directions")
    assert any("lazy_directions" in text for text in result.incidents)


def test_a_hang_costs_its_own_limit_once(mark_second):
    _, result = mark_second({"lazy_directions": "while True:\n    pass"})
    _, again = mark_second({"lazy_directions": "raise ValueError"})
    assert result.seconds - again.seconds < 2 * 5 + 6  # the limit, a fresh kernel and its replay


def test_a_warning_on_stderr_costs_nothing(mark_second):
    warn = "import sys, warnings\nwarnings.warn('careful')\nprint('note', file=sys.stderr)\n"
    points, _ = mark_second(
        change=lambda nb: [setattr(c, "source", warn + c.source) for c in answers(nb)]
    )
    assert points == FULL


def answers(notebook):
    return [
        c
        for c in notebook.cells
        if c.cell_type == "code" and c.metadata.get("nbgrader", {}).get("solution")
    ]


def delete_tests(nb):
    nb.cells = [
        c
        for c in nb.cells
        if not c.metadata.get("nbgrader", {}).get("grade_id", "").startswith("test_")
    ]


def delete_everything_locked(nb):
    nb.cells = answers(nb)


def reverse(nb):
    nb.cells = nb.cells[::-1]


def double(nb):
    for cell in answers(nb):
        nb.cells.insert(nb.cells.index(cell) + 1, copy.deepcopy(cell))


def rename(nb):
    for number, cell in enumerate(answers(nb)):
        cell.metadata.nbgrader["grade_id"] = cell.id = f"mine-{number}"


def lose_metadata(nb):
    for cell in nb.cells:
        cell.metadata = {}


def split(nb):
    cell = answers(nb)[0]
    lines = cell.source.splitlines()
    nb.cells.insert(nb.cells.index(cell), new_code_cell("helper_constant = 1.0"))
    cell.source = "\n".join(["assert helper_constant == 1.0", *lines])


def helper_before(nb):
    cell = answers(nb)[0]
    nb.cells.insert(nb.cells.index(cell), new_code_cell("def own_helper(x):\n    return x\n"))
    cell.source += "\nown_helper(1)"


def edit_locked(nb):
    for cell in nb.cells:
        if cell not in answers(nb):
            cell.source = "raise RuntimeError('changed')" if cell.cell_type == "code" else "changed"


def other_kernelspec(nb):
    nb.metadata.kernelspec = {"name": "ir", "display_name": "R", "language": "R"}


def huge_outputs(nb):
    answers(nb)[0].outputs = [new_output("stream", name="stdout", text="x" * 50_000_000)]


def change_flags(nb):
    for cell in nb.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader.update(points=99, grade=False, locked=False, solution=True)


def noisy_extra_cells(nb):
    nb.cells.insert(2, new_code_cell("1 / 0"))
    nb.cells.insert(5, new_markdown_cell("My notes"))
    nb.cells.append(new_code_cell("import time\ntime.sleep(60)"))


@pytest.mark.parametrize(
    "change",
    [
        delete_tests,
        delete_everything_locked,
        reverse,
        double,
        rename,
        lose_metadata,
        split,
        helper_before,
        edit_locked,
        other_kernelspec,
        huge_outputs,
        change_flags,
        noisy_extra_cells,
    ],
    ids=lambda change: change.__name__,
)
def test_disorder_costs_nothing(mark_second, change):
    points, _ = mark_second(change=change)
    assert points == FULL


def test_an_answer_cell_made_markdown_is_changed_back(mark_second):
    points, result = mark_second(change=lambda nb: answers(nb)[0].update(cell_type="markdown"))
    assert points == FULL
    assert any("changed back" in text for text in result.incidents)


def test_notebook_format_3(mark_second, released, solved):
    from demo.submissions import fill

    ids = {c.metadata.get("nbgrader", {}).get("grade_id") for c in released[SECOND].cells}
    notebook = fill({SECOND: released[SECOND]}, {k: v for k, v in solved.items() if k in ids})[
        SECOND
    ]
    old = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": ""},
        "worksheets": [{"metadata": {}, "cells": [_old(cell) for cell in notebook.cells]}],
    }
    points, _ = mark_second(data=json.dumps(old).encode())
    assert points == FULL


def _old(cell):
    if cell.cell_type == "code":
        body = {
            "input": cell.source,
            "language": "python",
            "collapsed": False,
            "outputs": [],
            "prompt_number": 1,
        }
    else:
        body = {"source": cell.source}
    return {"cell_type": cell.cell_type, "metadata": cell.metadata, **body}


@pytest.mark.parametrize(
    "data",
    [
        None,
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"cells": 3}',
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "code", '
        b'"source": 7}, 3]}',
        b'{"nbformat": 99, "metadata": {}, "cells": []}',
    ],
)
def test_an_unreadable_file_counts_as_empty_and_asks_for_a_look(exam, data):
    from autograder.submission.read import parse
    from autograder.submission.rebuild import rebuild

    rebuilt = rebuild(exam.notebook(SECOND), parse(data))
    assert rebuilt.incidents and set(rebuilt.review) <= set(rebuilt.incidents)
    assert bool(rebuilt.review) == (data is not None)  # nothing came: whether that matters is
    # known where all files are seen
    assert all(not c.source.strip() for c in answers(rebuilt.notebook))
    nbformat.validate(rebuilt.notebook)


def test_an_answer_above_its_own_untouched_cell_earns_its_points(mark_second, solved):
    def above(notebook):
        place = next(i for i, c in enumerate(notebook.cells) if c.id == "lazy_directions")
        notebook.cells.insert(place, new_code_cell(solved["lazy_directions"]))
        notebook.cells[
            place + 1
        ].source = (
            "def lazy_directions(X, ws):\n    # YOUR CODE HERE\n    raise NotImplementedError()"
        )

    points, result = mark_second(change=above)
    assert points == FULL and not result.review
    assert any("stands above its own cell" in text for text in result.incidents)


def test_an_empty_notebook_earns_nothing(mark_second):
    points, _ = mark_second(data=b"{ not json")
    assert points == dict.fromkeys(FULL, 0.0)


def test_every_cell_hangs_and_the_notebook_still_ends(mark_second):
    from autograder.limits import Limits

    limits = Limits(cell_seconds=5, probe_seconds=5, notebook_seconds=12)
    points, result = mark_second(dict.fromkeys(FULL, "while True: pass"), limits=limits)
    assert points == dict.fromkeys(FULL, 0.0)
    assert result.seconds < 45
