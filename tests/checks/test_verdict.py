"""A verdict as students see it: a table that a screen reader can read, and a picture where it says
more."""

from __future__ import annotations

import base64
import re

from autograder.checks.verdict import Criterion, Verdict
from autograder.clean import clean_outputs
from autograder.door.student import InProcessStudent
from autograder.lab.ntk_kernel.picture import hexagon
from autograder.marking.examine import verdict_outputs
from tests.conftest import ROOT
from tests.helpers.lab import run_check


def verdict_of(name: str) -> Verdict:
    namespace: dict = {}
    exec((ROOT / "tests" / "answers" / "ntk_kernel" / f"{name}.py").read_text(), namespace)
    return run_check("ntk_kernel", InProcessStudent(namespace), 7)


def test_the_documents_kernel_gets_the_hexagon_drawn():
    verdict = verdict_of("wrong-document-parenthesis")
    (missed,) = [c for c in verdict.criteria if c.name == "hexagon"]
    assert not missed.passed
    assert "hexagon: -0.2" in missed.picture.alt
    html = verdict._repr_html_()
    (data,) = re.findall(r'src="data:image/png;base64,([^"]+)"', html)
    assert base64.b64decode(data) == missed.picture.png
    assert "picture" not in verdict.to_json()[0]


def test_the_picture_survives_the_cleaning_of_outputs():
    outputs, incidents = clean_outputs(
        verdict_outputs(verdict_of("wrong-document-parenthesis"), 1), 2**21
    )
    assert incidents == []
    assert (
        "data:image/png;base64," in outputs[0].data["text/html"]
        and "eigenvalues" in outputs[0].data["text/html"]
    )
    assert outputs[1].data["text/plain"] == "0.5"


def test_a_right_kernel_gets_no_picture():
    assert all(c.picture is None for c in verdict_of("right-reference").criteria)


def test_no_picture_of_what_is_not_six_numbers():
    import numpy as np

    assert hexagon(np.full(6, np.nan)) is None
    assert hexagon(np.zeros(5)) is None


def test_the_table_is_readable_without_colours():
    verdict = Verdict(
        "x", (Criterion("<b>", True, 1, 1, "a & b"), Criterion("c", False, 0, 2, "no"))
    )
    html = verdict._repr_html_()
    assert html.count('scope="col"') == 4 and html.count('scope="row"') == 2 and "<caption>" in html
    assert (
        "passed" in html
        and "not yet" in html
        and "&lt;b&gt;" in html
        and 'style="color' not in html
    )
    assert str(verdict).splitlines()[0] == "x: 1 of 3 points"
    assert (verdict.points, verdict.max_points) == (1.0, 3.0)
