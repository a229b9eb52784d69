"""Lines of hidden tests in what a notebook shows: found, taken away, told of."""

from __future__ import annotations

import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from autograder.checks.ordinary.cell import read_cell
from autograder.checks.verdict import Criterion, Verdict
from autograder.marking.withhold import WITHHELD, Withhold

TEST = """
assert square(3) == 9
### BEGIN HIDDEN TESTS
import numpy as np
expected = [f"{x}" for x in (7, 12345)]
assert square(-7) == 49, "minus seven"
### END HIDDEN TESTS
"""
LINE = 'assert square(-7) == 49, "minus seven"'


def stream(text):
    return new_output("stream", name="stdout", text=text)


def looked(outputs, source="print(1)"):
    cell = new_code_cell(source, id="own", outputs=outputs)
    withhold = Withhold(new_notebook(cells=[cell]), read_cell("t", 1, TEST).secrets)
    withhold.outputs(cell)
    return cell.outputs, withhold.incidents


@pytest.mark.parametrize(
    "output",
    [
        stream(f"found: {LINE}"),
        stream(repr(TEST)),
        stream(LINE.replace(" == ", "\x1b[31m == \x1b[0m")),
        new_output("error", ename="E", evalue=LINE, traceback=[]),
        new_output("display_data", data={"text/plain": "x", "text/html": LINE}),
    ],
)
def test_a_line_is_withheld_and_told_of(output):
    outputs, incidents = looked([stream("before"), output])
    assert [o.text for o in outputs] == [WITHHELD + "\n"]
    assert incidents == ["own: it showed code of a hidden test, which was withheld."]


def test_what_students_may_see_and_what_they_wrote_stays():
    for text in ("assert square(3) == 9", "import numpy as np", "49"):
        assert looked([stream(text)]) == ([stream(text)], [])
    assert looked([stream(LINE)], source=LINE) == ([stream(LINE)], [])


def test_a_message_of_a_verdict_is_withheld_too():
    withhold = Withhold(new_notebook(), read_cell("t", 1, TEST).secrets)
    verdict = Verdict(
        "t", (Criterion("a", False, 0, 1, LINE), Criterion("b", True, 1, 1, "Holds."))
    )
    told = withhold.verdict(verdict)
    assert [c.message for c in told.criteria] == [WITHHELD, "Holds."]
    assert told.points == 1 and len(withhold.incidents) == 1
