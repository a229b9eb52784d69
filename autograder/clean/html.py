"""Sanitises a student's HTML output: tables and simple text stay, everything active goes."""

from __future__ import annotations

import re
from typing import Any

import nh3

from ..text import break_macros, strip_controls
from .images import clean_image

MAX_HTML = 1 << 19  # characters
# a pandas table of 60 rows and 20 columns has 2,600; the sanitiser's time grows with the square
MAX_TAGS = 10_000
MAX_DEPTH = 100  # of nested elements: what renders the page later may recurse
# formatting tags with attributes: HTML copies each unclosed one into every later paragraph
MAX_STYLED = 20
_STYLED = re.compile(
    r"<(?:a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\s/])", re.IGNORECASE
)

_TEXT = set(
    (
        "abbr b blockquote br code dd del details div dl dt em h3 h4 h5 h6 hr i img kbd li ol p "
        "pre s samp small span strong sub summary sup"
    ).split()
)
_TABLE = set("caption col colgroup table tbody td tfoot th thead tr u ul var".split())
# Elements whose content is not text for a reader.
_GONE = set("iframe math noscript object script select style svg template textarea title".split())
_ATTRIBUTES = {
    "*": {"style"},
    "table": {"border", "cellpadding"},
    "th": {"colspan", "rowspan", "scope"},
    "td": {"colspan", "rowspan"},
    "col": {"span"},
    "details": {"open"},
    "img": {"src", "alt", "width", "height"},
}
_WHOLE = {"border", "cellpadding", "colspan", "rowspan", "span", "width", "height"}
# Only for a note to the instructor: nothing depends on it.
_ACTIVE = re.compile(
    r"<(?:script|iframe|object|embed|svg|math|form|meta|base|link)\b"
    r"|[\s/\"']on[a-z]+\s*=|javascript:",
    re.IGNORECASE,
)
_SOURCE = re.compile(r"data:(image/(?:png|jpeg));base64,")


def _attribute(tag: str, name: str, value: str) -> str | None:
    """An attribute's value if it may stay: small whole numbers, embedded pictures, short words."""
    if name == "src":
        match = _SOURCE.match(value)
        if match is None:
            return None
        picture = clean_image(match[1], value[match.end() :])
        return match[0] + picture if picture else None
    if name in _WHOLE:
        return value if re.fullmatch(r"[0-9]{1,4}", value) else None
    return value[:500]


# a class could make text a control of the formgrader, or a diagram
_CLEANER = nh3.Cleaner(
    tags=_TEXT | _TABLE,
    clean_content_tags=_GONE,
    attributes=_ATTRIBUTES,
    attribute_filter=_attribute,
    allowed_classes={"table": {"dataframe"}},
    filter_style_properties={"text-align", "vertical-align", "white-space"},
    url_schemes={"data"},  # only <img src> takes an address, and _attribute has looked at it
    url_relative="deny",
    link_rel=None,
)


def count_tags(html: str) -> int:
    """An upper bound of the number of tags in `html`."""
    return html.count("<")


def looks_active(html: str) -> bool:
    """Whether `html` held something that a page would run or load, as far as a look can tell."""
    return _ACTIVE.search(html) is not None


def clean_html(html: Any) -> str | None:
    """`html` with an allowlist of elements and attributes, or None when it is no text, too long or
    too nested.

    Kept: tables as pandas writes them (class `dataframe`, text-align), simple text elements,
    embedded PNG and JPEG. No links, ids, forms, scripts, styles, SVG or MathML; MathJax commands
    that link or style are broken up.
    """
    if not isinstance(html, str) or len(html) > MAX_HTML or count_tags(html) > MAX_TAGS:
        return None
    if len(_STYLED.findall(html)) > MAX_STYLED:
        return None
    made = break_macros(_CLEANER.clean(strip_controls(html)))
    return made if _depth(made) <= MAX_DEPTH else None


def _depth(html: str) -> int:
    """How deep the elements of sanitised (so well-formed) HTML are nested."""
    depth = deepest = 0
    for slash, name in re.findall(r"<(/?)([a-z0-9]+)", html):
        if name not in ("br", "hr", "img", "col"):
            depth += -1 if slash else 1
            deepest = max(deepest, depth)
    return deepest
