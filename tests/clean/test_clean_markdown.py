"""A student's Markdown: nothing active is left in it, and honest text reads as before."""

from __future__ import annotations

import re
import time
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from nbconvert.filters.markdown_mistune import markdown2html_mistune
from nbconvert.filters.strings import strip_files_prefix

from autograder.clean import clean_markdown
from autograder.clean.markdown import MARKDOWN_LIMIT

COMMONMARK = MarkdownIt("commonmark", {"html": True}).enable("table")


def renderings(text):
    """The HTML that nbgrader's feedback makes of Markdown, and that a CommonMark parser makes of
    it."""
    return strip_files_prefix(markdown2html_mistune(text)), COMMONMARK.render(text)


class Active(HTMLParser):
    """Collects whatever in a page could run, load or be found by its id."""

    TAGS = frozenset(
        "a blockquote br code dd del dl dt em h1 h2 h3 h4 h5 h6 hr img input li ol p pre span "
        "strong".split()
    )
    TAGS |= frozenset("table tbody td th thead tr ul div section".split())

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
    "< > </ <! <? [ ] ( ) ]( ![ ]: : :: & ; &amp; amp; &lt; &#58; &colon; &Tab; &NewLine; &#x6a; "
    "#58; %3a %6a \\ \\\\ "
    "` ``` ~~~ $ $$ # ## * ** _ - + | || = === --- > >> 1. ! \" ' / // x a p img script svg src "
    "href onerror=x style "
    "javascript java script data vbscript https://e.test attachment:a.png a.png files/ mermaid "
    "text- @ . , text "
    "\\href \\style \\begin{a} \\end{a} \\[ \\\\[ \\( \\\\( <https://e.test> <javascript:x> "
    "CDATA[ -- xmlns"
).split(" ")
PIECES = st.sampled_from(
    [*TOKENS, " ", "  ", "\n", "\n\n", "\t", "\r", "\x00", "\u00a0", "\u200b", "\u2060", "\ud800"]
)


@example("#](")  # the mark of a heading is no destination
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


@pytest.mark.parametrize(
    "macro", ["href", "unicode", "style", "class", "cssId", "require", "bbox", "csname"]
)
def test_mathjax_commands_that_do_more_than_typeset_are_broken(macro):
    for text in (
        f"$\\{macro}{{a}}{{b}}$",
        f"\\\\{macro}",
        f"&#92;{macro}{{a}}",
        f"&amp;bsol;{macro}",
    ):
        assert f"\\{macro}" not in clean_markdown(text)
    assert clean_markdown(f"$\\{macro}x$") == f"$\\{macro}x$"


@pytest.mark.parametrize(
    "text",
    [
        "Test accuracy: 97 %, so a < b and b > a, 1 <= 2, x <- y & z.",
        "**bold**, *italic*, `code: x[1:2]`, a_b, 3*4*5, 10:30, std::vector",
        "| a | b |\n|---|:-:|\n| 1 | $x<1$ |",
        "1. one\n2. two\n   - three\n\n> quoted\n\n---\n\n- [x] done",
        '[paper](https://arxiv.org/abs/1901.08584 "title") and https://example.org/a?b=c&d=e#f, '
        "[top](#here)",
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
    assert re.sub("<[^>]*>|[\u2060¶]", "", unescape(html)).split() == [
        "test_gen_bound",
        "mlp",
        "comment",
    ]


def test_attached_pictures_stay_and_missing_ones_do_not_break_the_page():
    text = "![a](attachment:a.png) ![b](attachment:b.png)"
    made = clean_markdown(text, {"a.png": {"image/png": "x"}})
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
