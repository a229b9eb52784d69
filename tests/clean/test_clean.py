"""Cleaning: what a student's outputs, pictures and notebooks become before anyone opens them in a
browser."""

from __future__ import annotations

import base64
import json
import time

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbconvert.filters.ansi import ansi2html

from autograder.checks.verdict import Criterion, Verdict
from autograder.clean import clean_attachments, clean_notebook, clean_outputs, clean_source
from autograder.clean.html import clean_html

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="


def stream(text, name="stdout"):
    return {"output_type": "stream", "name": name, "text": text}


def shown(data, **metadata):
    return {"output_type": "display_data", "data": data, "metadata": metadata}


# ---------------------------------------------------------------- outputs


def test_streams_are_joined_named_and_cleaned():
    made, incidents = clean_outputs(
        [
            stream("a\n"),
            stream(["b", "\n"], "<b>"),
            stream("10%\r50%\r100%\r\n", "stderr"),
            stream("\x1b[31mx\x1b[2J\x07\x08"),
        ]
    )
    assert made == [
        stream("a\nb\n"),
        stream("100%\n", "stderr"),
        stream("\x1b[31mx"),
    ]
    assert incidents == []


def test_sixty_megabytes_on_one_line_are_cut_at_once():
    began = time.process_time()
    made, incidents = clean_outputs([stream("x" * 60_000_000)], 10_000)
    assert time.process_time() - began < 2
    assert len(made[0].text) <= 10_000 and made[0].text.endswith("\n[... output cut here]\n")
    assert incidents == ["The output was longer than its limit: it was cut."]


@pytest.mark.parametrize(
    "text",
    ["\x1b[1m" * 10**6, "\x1b]" * 10**6, "\x1b[" * 10**6, "\r" * 10**7, "é" * 10**6, "\n" * 10**7],
)
def test_no_stream_takes_long_to_clean_or_to_show(text):
    began = time.process_time()
    made, _ = clean_outputs([stream(text)])
    html = ansi2html(made[0].text) if made else ""
    assert time.process_time() - began < 3
    assert sum(len(one.text.encode()) for one in made) <= 1 << 20 and len(html) < 10 << 20


def test_all_outputs_of_a_cell_share_its_limit():
    made, incidents = clean_outputs(
        [shown({"text/plain": "x" * 400, "image/png": PNG}) for _ in range(99)], 5_000
    )
    assert 2 < len(made) < 12
    assert sum(len(text) for one in made for text in one.data.values()) <= 5_000
    assert incidents
    made, incidents = clean_outputs([stream("a"), stream("b", "stderr")] * 5_000)
    assert len(made) == 200 and "more than 200" in incidents[0]


def test_only_known_types_stay_and_the_rest_is_reported_without_its_text():
    made, incidents = clean_outputs(
        [
            shown(
                {"application/javascript": "alert(1)", "text/plain": "plain", "text/latex": "$x$"}
            ),
            shown({"image/svg+xml": "<svg/>"}),
            shown({"<script>": "x", "text/html": "<script>x</script>"}),
        ]
    )
    assert [one.data for one in made] == [
        {"text/plain": "plain"},
        {"text/plain": "[This output is not shown here.]"},
        {"text/plain": "[This output is not shown here.]"},
    ]
    assert incidents[0] == (
        "Output of these types was left out: application/javascript, image/svg+xml, one without a "
        "name."
    )


@pytest.mark.parametrize(
    "data",
    [
        'x" onerror="alert(1)',
        base64.b64encode(b"<svg onload=x>").decode(),
        base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + b"\xff" * 30).decode(),
        PNG[:20],
        PNG + "<",
        "é",
        7,
        None,
        [1],
    ],
)
def test_a_picture_has_to_be_one(data):
    made, incidents = clean_outputs([shown({"image/png": data, "text/plain": "figure"})])
    assert made[0].data == {"text/plain": "figure"} and "picture" in incidents[0]
    assert clean_attachments({"a.png": {"image/png": data}}) == {}


def test_a_jpeg_says_its_size_and_is_kept():
    head = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x0b\x08\x00\x10\x00\x20\x01\x01\x11\x00\xff\xd9"
    good, large = (
        base64.b64encode(head).decode(),
        base64.b64encode(head.replace(b"\x00\x10\x00\x20", b"\xff\xff\xff\xff")),
    )
    made, _ = clean_outputs(
        [shown({"image/jpeg": good + "\n"}), shown({"image/jpeg": large.decode()})]
    )
    assert made[0].data == {"image/jpeg": good} and "image/jpeg" not in made[1].data


def test_metadata_keeps_whole_numbers_and_the_alt_text_only():
    given_metadata = {
        "image/png": {"width": 30, "height": "1 onerror=x", "needs_background": "x"},
        "alt": ' a\x00\n"b" ',
    }
    made, _ = clean_outputs(
        [shown({"image/png": PNG}, **given_metadata, filenames={"image/png": "x"}, height=True)]
    )
    assert made[0].metadata == {"image/png": {"width": 30, "alt": 'a "b"'}}


def test_an_error_keeps_its_strings_and_refuses_the_rest():
    made, _ = clean_outputs(
        [
            {
                "output_type": "error",
                "ename": {"a": 1},
                "evalue": "v\x00" * 9000,
                "traceback": ["a", 1, None, ["b"], "c\x1b[0m"],
            }
        ]
    )
    assert (made[0].ename, made[0].traceback) == ("Error", ["a", "c\x1b[0m"])
    assert len(made[0].evalue) <= 5_000


def test_a_verdict_keeps_its_table_and_its_points():
    verdict = Verdict(
        "mlp",
        (Criterion("shapes & sizes", True, 1.5, 2, "a < b"), Criterion("x", False, 0, 1, "no")),
    )
    outputs = [
        shown(verdict.mimebundle()),
        {
            "output_type": "execute_result",
            "data": {"text/plain": "1.5"},
            "metadata": {},
            "execution_count": 9,
        },
    ]
    assert clean_outputs(outputs) == (outputs, [])


def test_a_pandas_table_stays_a_table():
    html = (
        '<div>\n<style scoped>td {x: y}</style>\n<table border="1" class="dataframe evil"><tr '
        'style="text-align: right;">'
        '<th rowspan="2">a</th><td onclick="x" id="mlp" colspan="9999999">1</td></tr></table></div>'
    )
    assert clean_html(html) == (
        '<div>\n\n<table border="1" class="dataframe"><tbody><tr style="text-align:right"><th '
        'rowspan="2">a</th>'
        "<td>1</td></tr></tbody></table></div>"
    )


def test_html_that_no_page_could_bear_is_refused_quickly():
    tags = "a b big code em font i nobr s small strike strong tt u".split()
    began = time.process_time()
    for html in (
        "<div>" * 9_000,
        "<div><object></div></object>" * 2_000,
        "".join(f"<b a={i}><p>" for i in range(4_000)),
        "<b>" * 10**6,
        "x" * 10**6,
    ):
        assert clean_html(html) is None
    bounded = "".join(f"<{tag}>" * 3 for tag in tags) + "<p>x" * 5_000
    assert len(clean_html(bounded) or "") < 4 << 20
    assert time.process_time() - began < 4


def test_pictures_inside_html_are_checked_too():
    good = f'<img src="data:image/png;base64,{PNG}" alt="x" width="20">'
    assert clean_html(good) == good
    for source in (
        "https://e.test/x",
        "data:image/svg+xml;base64,PHN2Zz4=",
        "data:image/png;base64,x",
        "x.png",
        "//e.test/x",
    ):
        assert "src" not in clean_html(f'<img src="{source}" onerror="x">')


def test_mathematics_in_html_is_broken_like_in_markdown():
    assert "\\href" not in clean_html(
        "<p>$\\href{javascript:x}{y}$ $&#92;href{x}{y}$ $\\<b></b>href$</p>".replace("<b></b>", "")
    )


# ---------------------------------------------------------------- any data at all

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["<script>", "image/png", "\ud800", "\x1b[1m"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=8) | st.integers(), inner, max_size=4)
    ),
    max_leaves=12,
)
KEYS = (
    "output_type name text data metadata ename evalue traceback execution_count text/html "
    "image/png text/plain"
).split()
OUTPUT = st.dictionaries(st.sampled_from([*KEYS, "alt", "width"]), JSON, max_size=6).flatmap(
    lambda made: st.sampled_from(["stream", "error", "display_data", "execute_result", "x"]).map(
        lambda kind: made | {"output_type": kind}
    )
)
BUNDLE = st.fixed_dictionaries(
    {
        "output_type": st.sampled_from(["display_data", "execute_result"]),
        "data": st.dictionaries(
            st.sampled_from(["text/html", "text/plain", "image/png", "image/jpeg", "x/y"]), JSON
        ),
        "metadata": JSON,
    }
)


def assert_valid(outputs):
    cell = nbformat.v4.new_code_cell("", outputs=outputs)
    nbformat.validate(nbformat.v4.new_notebook(cells=[cell]))
    json.dumps(outputs, allow_nan=False, ensure_ascii=False).encode()  # no NaN, no lone surrogates


@settings(max_examples=300, deadline=None)
@given(JSON | st.lists(JSON | OUTPUT | BUNDLE, max_size=6), st.integers(-5, 3_000))
def test_any_outputs_become_a_valid_notebook_cell(outputs, limit):
    made, incidents = clean_outputs(outputs, limit)
    assert_valid(made)
    assert all(isinstance(text, str) and text.isprintable() for text in incidents)
    again, _ = clean_outputs(made, 10**6)
    assert again == made


CELL = st.dictionaries(
    st.sampled_from(
        "cell_type source outputs metadata attachments id execution_count evil".split()
    ),
    JSON,
    max_size=6,
).flatmap(
    lambda made: st.sampled_from(["code", "markdown", "raw", "x"]).map(
        lambda kind: made | {"cell_type": kind}
    )
)


@settings(max_examples=200, deadline=None)
@given(JSON | st.fixed_dictionaries({"cells": st.lists(JSON | CELL, max_size=4)}))
def test_any_notebook_becomes_a_valid_one(nb):
    made, _incidents = clean_notebook(nb)
    nbformat.validate(made)
    json.dumps(made, allow_nan=False)


def test_a_notebook_keeps_nbgraders_metadata_and_nothing_else():
    facts = {
        "grade": True,
        "grade_id": "mlp",
        "points": 3,
        "locked": False,
        "solution": True,
        "schema_version": 3,
    }
    cell = nbformat.v4.new_code_cell(
        "x = 1", metadata={"nbgrader": facts | {"evil": 1, "task": "no"}, "tags": ["a"]}
    )
    cell.evil = 1
    deep = []
    for _ in range(5_000):
        deep = [deep]
    cell.metadata["deep"] = deep
    made, incidents = clean_notebook({"cells": [cell], "metadata": {"widgets": {}, "title": "x"}})
    assert made.cells[0].metadata == {"nbgrader": facts} and "evil" not in made.cells[0]
    assert set(made.metadata) == {"kernelspec", "language_info"} and incidents == []


def test_a_notebook_has_one_limit_for_all_its_outputs():
    cells = [
        nbformat.v4.new_code_cell("", outputs=[nbformat.from_dict(stream("x" * 900))])
        for _ in range(10)
    ]
    made, incidents = clean_notebook({"cells": cells}, limit_per_cell=2_000, limit_total=3_000)
    assert sum(len(one.text) for cell in made.cells for one in cell.outputs) <= 3_000
    assert incidents and incidents[0].startswith(made.cells[3].id)


def test_source_for_showing_has_no_endless_line():
    assert clean_source("x = 1\n  y\x00 = 2\n") == "x = 1\n  y = 2\n"
    assert len(clean_source("a." * 10**6).split("\n")[0]) <= 2_000
    assert len(clean_source("a\n" * 10**6)) <= 100_000


def test_attachments_are_pictures_with_plain_names_within_a_limit():
    made = clean_attachments(
        {
            "a.png": {"image/png": PNG, "image/svg+xml": "x", "text/html": "x"},
            "../b.png": {"image/png": PNG},
            "b c.png": {"image/png": PNG},
            "c.svg": {"image/svg+xml": PNG},
            "d.png": [],
            5: {},
        }
    )
    assert made == {"a.png": {"image/png": PNG}}
    assert (
        len(
            clean_attachments(
                {f"{i}.png": {"image/png": PNG} for i in range(50)}, limit=5 * len(PNG) + 1
            )
        )
        == 5
    )
    for value in (None, [], "x", 5, {"a": {}}):
        assert clean_attachments(value) == {}
