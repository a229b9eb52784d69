"""Cleaning: what a student's outputs, texts and attachments become before anyone opens them in a browser."""

from __future__ import annotations

import base64
import json
import re
import time
from html import unescape
from html.parser import HTMLParser

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from nbconvert.filters.ansi import ansi2html
from nbconvert.filters.markdown_mistune import markdown2html_mistune
from nbconvert.filters.strings import strip_files_prefix

from autograder.clean import clean_attachments, clean_markdown, clean_notebook, clean_outputs, clean_source
from autograder.clean_html import clean_html
from autograder.clean_markdown import MARKDOWN_LIMIT
from autograder.verdict import Criterion, Verdict

PNG = base64.b64encode(
    base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
    )
).decode()
COMMONMARK = MarkdownIt("commonmark", {"html": True}).enable("table")


def stream(text, name="stdout"):
    return {"output_type": "stream", "name": name, "text": text}


def shown(data, **metadata):
    return {"output_type": "display_data", "data": data, "metadata": metadata}


def renderings(text):
    """The HTML that nbgrader's feedback makes of Markdown, and that a CommonMark parser makes of it."""
    return strip_files_prefix(markdown2html_mistune(text)), COMMONMARK.render(text)


class Active(HTMLParser):
    """Collects whatever in a page could run, load or be found by its id."""

    TAGS = set(
        "a blockquote br code dd del dl dt em h1 h2 h3 h4 h5 h6 hr img input li ol p pre span strong".split()
    )
    TAGS |= set("table tbody td th thead tr ul div section".split())

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        if tag not in self.TAGS:
            self.found.append(tag)
        for name, value in attributes:
            value = value or ""
            if name.startswith("on") or name in ("srcdoc", "action", "formaction", "name"):
                self.found.append(f"{tag} {name}")
            if name == "style" and not re.fullmatch(r"(text-align:\s*\w+;?)?", value):
                self.found.append(f"{tag} {name}={value}")
            if name == "id" and re.fullmatch(r"[A-Za-z0-9_-]*", value):
                self.found.append(f"id {value}")
            if name == "class" and "mermaid" in value.split():
                self.found.append("mermaid")
            if name in ("href", "src"):
                scheme = re.match(
                    r"[a-z][a-z0-9+.-]*:", re.sub("[\t\n\r]", "", value).lstrip("\x00 ").lower()
                )
                if scheme and scheme[0] not in ("http:", "https:", "mailto:"):
                    self.found.append(f"{name} {scheme[0]}")
            if tag == "img" and name == "src" and not value.startswith("attachment:"):
                self.found.append(f"img {value}")

    handle_startendtag = handle_starttag

    def handle_comment(self, data):
        self.found.append("comment")

    handle_decl = handle_pi = unknown_decl = handle_comment


def active(html):
    return Active(html).found


# ---------------------------------------------------------------- Markdown


@pytest.mark.parametrize(
    "text",
    [
        "<img src=x onerror=alert(1)>",
        "<script>alert(1)</script>",
        "text <b onclick=x>b</b>",
        "<!-- comment -->",
        "[x](javascript:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](JaVaScRiPt&colon;alert(1))",
        "[x](javascript\\:alert(1))",
        "[x](files/javascript:alert(1))",
        "[x](<javascript:alert(1)>)",
        "[x]\n\n[x]: javascript:alert(1)",
        "[x](data:text/html,hello)",
        "[x](vbscript:x)",
        "[x](file:///etc/passwd)",
        "[x](ms-msdt:/id)",
        "<javascript:alert(1)>",
        "![x](https://example.org/pixel.png)",
        "![x]\n\n[x]: https://example.org/pixel.png",
        "![x](data:image/svg+xml,hello)",
        "```mermaid\nx\n```",
        "~~~ \u00a0mermaid\nx\n~~~",
        "# test_ntk_kernel",
        "#test_ntk_kernel-comment",
        "> 1. ## **mlp** ##",
        "mlp\n===",
        "- mlp\n  ---",
    ],
)
def test_what_is_active_in_stock_rendering_is_not_after_cleaning(text):
    assert any(active(html) for html in renderings(text)), (
        "this payload does nothing: the test could not fail"
    )
    assert [active(html) for html in renderings(clean_markdown(text))] == [[], []]


TOKENS = (
    "< > </ <! <? [ ] ( ) ]( ![ ]: : :: & ; &amp; amp; &lt; &#58; &colon; &Tab; &NewLine; &#x6a; #58; %3a %6a \\ \\\\ "
    "` ``` ~~~ $ $$ # ## * ** _ - + | || = === --- > >> 1. ! \" ' / // x a p img script svg src href onerror=x style "
    "javascript java script data vbscript https://e.test attachment:a.png a.png files/ mermaid text- @ . , text "
    "\\href \\style \\begin{a} \\end{a} \\[ \\\\[ \\( \\\\( <https://e.test> <javascript:x> CDATA[ -- xmlns"
).split(" ")
PIECES = st.sampled_from(
    [*TOKENS, " ", "  ", "\n", "\n\n", "\t", "\r", "\x00", "\u00a0", "\u200b", "\u2060", "\ud800"]
)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PIECES, max_size=40).map("".join))
def test_no_text_made_of_awkward_pieces_becomes_active(text):
    made = clean_markdown(text)
    for html in renderings(made):
        assert active(html) == []
    assert not re.search(r"<[a-zA-Z/!?]", made) and "![" not in made
    assert not re.search(r"\\(href|style)(?![A-Za-z])", made)
    assert clean_markdown(made) == made
    made.encode()  # no lone surrogates


@given(st.text(max_size=300) | st.none() | st.integers() | st.binary())
def test_markdown_of_any_kind_is_a_string_and_stays_one(value):
    made = clean_markdown(value)
    assert isinstance(made, str) and clean_markdown(made) == made


@pytest.mark.parametrize("macro", ["href", "unicode", "style", "class", "cssId", "require", "bbox", "csname"])
def test_mathjax_commands_that_do_more_than_typeset_are_broken(macro):
    for text in (f"$\\{macro}{{a}}{{b}}$", f"\\\\{macro}", f"&#92;{macro}{{a}}", f"&amp;bsol;{macro}"):
        assert f"\\{macro}" not in clean_markdown(text)
    assert clean_markdown(f"$\\{macro}x$") == f"$\\{macro}x$"


@pytest.mark.parametrize(
    "text",
    [
        "Test accuracy: 97 %, so a < b and b > a, 1 <= 2, x <- y & z.",
        "**bold**, *italic*, `code: x[1:2]`, a_b, 3*4*5, 10:30, std::vector",
        "| a | b |\n|---|:-:|\n| 1 | $x<1$ |",
        "1. one\n2. two\n   - three\n\n> quoted\n\n---\n\n- [x] done",
        '[paper](https://arxiv.org/abs/1901.08584 "title") and https://example.org/a?b=c&d=e#f, [top](#here)',
        "$$\\frac{a}{b} < \\sqrt{1-u^2}$$\n\n\\begin{align} a &= b \\\\ c &< d \\end{align}",
        "```python\nif 0 < u < 1:  # data: float64\n    return {'data': x}\n```",
        "The data: 200 images. In short: style, class and href are words.\n\n    indented <= code",
        "R&D, Müller, 数学, émoji 🎉, &alpha; &eacute; &nbsp;",
    ],
)
def test_honest_text_is_left_exactly_as_it_is(text):
    assert clean_markdown(text) == text


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("0<u<1 and a<b", "<p>0&lt; u&lt;1 and a&lt; b</p>"),
        ("`if a <b:`", "<p><code>if a &lt; b:</code></p>"),
        ("$0<u<\\infty$", "<p>$0&lt; u&lt; \\infty$</p>"),
        ("a &lt; b", "<p>a &lt; b</p>"),
        ("<https://e.test/x>.", '<p><a href="https://e.test/x">https://e.test/x</a>.</p>'),
        ("![plot](https://e.test/x.png)", '<p>! <a href="https://e.test/x.png">plot</a></p>'),
        ("a <b>word</b>", "<p>a &lt; b&gt;word&lt; /b&gt;</p>"),
    ],
)
def test_how_text_that_is_touched_looks_when_rendered(text, page):
    assert renderings(clean_markdown(text))[0].strip() == page


def test_a_heading_reads_the_same_and_cannot_take_a_score_box():
    html = renderings(clean_markdown("# test_gen_bound\n\n## `mlp` comment ##"))[0]
    ids = re.findall(r'id="([^"]*)"', html)
    assert len(ids) == 2 and all(one.endswith("%E2%81%A0") for one in ids)
    assert re.sub("<[^>]*>|[\u2060¶]", "", unescape(html)).split() == ["test_gen_bound", "mlp", "comment"]


def test_attached_pictures_stay_and_missing_ones_do_not_break_the_page():
    text = "![a](attachment:a.png) ![b](attachment:b.png)"
    made = clean_markdown(text, {"a.png": {"image/png": PNG}})
    assert made == "![a](attachment:a.png) ! [b](attachment:b.png)"
    assert "![" not in clean_markdown(text)
    # An escaped bracket would carry the image on to another address.
    assert "![" not in clean_markdown("![a\\](attachment:a.png)](https://e.test/x)", {"a.png"})


@pytest.mark.parametrize(
    "text",
    [
        "[" * 10**6,
        "\\\\[" * 20_000,
        "\\begin{a}" * 9_000,
        "&" + "amp;" * 20_000,
        "j" + "\t" * 50_000,
        "javascript" * 6_000,
        "](" + "a" * 50_000,
        "a\n---\n" * 12_000,
        "*a **b " * 9_000,
        ">" * 50_000,
        "`" * 50_000 + "\n" + "```zig\n" * 5_000,
    ],
)
def test_no_text_takes_long_to_clean_or_to_render(text):
    began = time.process_time()
    made = clean_markdown(text)
    cleaned = time.process_time()
    renderings(made)[0]
    assert cleaned - began < 1 and time.process_time() - cleaned < 10
    assert len(made) <= MARKDOWN_LIMIT


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
    "text", ["\x1b[1m" * 10**6, "\x1b]" * 10**6, "\x1b[" * 10**6, "\r" * 10**7, "é" * 10**6, "\n" * 10**7]
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
            shown({"application/javascript": "alert(1)", "text/plain": "plain", "text/latex": "$x$"}),
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
        "Output of these types was left out: application/javascript, image/svg+xml, one without a name."
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
    made, _ = clean_outputs([shown({"image/jpeg": good + "\n"}), shown({"image/jpeg": large.decode()})])
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
        "mlp", (Criterion("shapes & sizes", True, 1.5, 2, "a < b"), Criterion("x", False, 0, 1, "no"))
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
        '<div>\n<style scoped>td {x: y}</style>\n<table border="1" class="dataframe evil"><tr style="text-align: right;">'
        '<th rowspan="2">a</th><td onclick="x" id="mlp" colspan="9999999">1</td></tr></table></div>'
    )
    assert clean_html(html) == (
        '<div>\n\n<table border="1" class="dataframe"><tbody><tr style="text-align:right"><th rowspan="2">a</th>'
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
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(TOKENS),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8) | st.integers(), inner, max_size=4)
    ),
    max_leaves=12,
)
KEYS = "output_type name text data metadata ename evalue traceback execution_count text/html image/png text/plain".split()
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
    st.sampled_from("cell_type source outputs metadata attachments id execution_count evil".split()),
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
    made, incidents = clean_notebook(nb)
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
        nbformat.v4.new_code_cell("", outputs=[nbformat.from_dict(stream("x" * 900))]) for _ in range(10)
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
        len(clean_attachments({f"{i}.png": {"image/png": PNG} for i in range(50)}, limit=5 * len(PNG) + 1))
        == 5
    )
    for value in (None, [], "x", 5, {"a": {}}):
        assert clean_attachments(value) == {}
