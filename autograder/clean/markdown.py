"""Takes everything active out of a student's Markdown, without parsing it.

Parsers differ (nbconvert's mistune, JupyterLab's marked), so nothing here depends on how a text is
parsed: each rule rewrites a piece of text wherever it stands, in prose, code, mathematics, tables
and link titles alike, and only by decoding character references or by putting in a space. The
result reads as before and no parser finds a tag in it.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from html.entities import html5

from ..text import break_macros, strip_controls

# characters: 6,000 words; renderers take quadratic time, so there has to be an end
MARKDOWN_LIMIT = 40_000
# openings of mathematics, or of links on one line, beyond which nobody writes and renderers crawl
MANY = 100
LANGUAGES = frozenset(
    "bash console ipython ipython3 json latex pycon py python python3 tex text".split()
)
MARKDOWN_CUT = "[... text cut here]"
HEADING_MARK = "\u2060"  # a word joiner: invisible

_REFERENCE = re.compile(
    r"&(?:#0*([0-9]{1,7})|#[xX]0*([0-9a-fA-F]{1,6})|([A-Za-z][A-Za-z0-9]{1,31})(?=;));?"
)
_AUTOLINK = re.compile(r"<(https?://[^\s<>]+)>(\w?)")

# Between a scheme's letters: what a browser skips inside a scheme, what Markdown drops, and
# invisible characters.
_JUNK = "[\\t\\n\\\\\u00ad\u200b-\u200f\u2060\ufeff]*"


def _spelled(word: str) -> str:
    """A pattern for `word` with junk between its letters and letters written as %xx."""
    letters = [f"(?:{re.escape(c)}|%{ord(c):02x}|%{ord(c.upper()):02x})" for c in word]
    return _JUNK.join(letters) + _JUNK


_COLON = "(?=:|%3a)"
_SCHEMES = re.compile(
    f"(?:{'|'.join(map(_spelled, ('javascript', 'vbscript', 'livescript')))}){_COLON}"
    # In prose "data:" is followed by a space; only without one can it be an address.
    f"|(?:{'|'.join(map(_spelled, ('data', 'blob', 'filesystem', 'view-source', 'file')))})"
    r"(?=(?::|%3a)[^ \t\n])",
    re.IGNORECASE,
)
_DESTINATION = re.compile(
    r"(\](?:\(|:)\s*)(?!(?:https?|mailto|attachment):)([a-z][a-z0-9+.\-\\]*)(?=:)", re.IGNORECASE
)

# A link may lead to a site or into the page. Any other would lead into the instructor's own Jupyter
# server, which serves a student's files (`evil.html`, `..%2f..%2fsubmitted%2f…`) as pages of its
# own.
_INWARD = re.compile(r"\](?=[(:]\s*(?!https?://[\w\[]|mailto:|attachment:|#)\S)", re.IGNORECASE)

_OPENINGS = re.compile(r"\\\\(?=[\[(])|\\(?=begin\{)")
_FENCE = re.compile(r"^([\s>*+\-0-9.):]*(?:`{3,}|~{3,}))([^\S\n]*)([^\s`]+)")
_HEADING = re.compile(r"^[\s>*+\-0-9.):]*#{1,6}(?!#)")
_UNDERLINE = re.compile(r"^[\s>]*(?:=+|-+)[ \t]*$")
_CLOSING = re.compile(r"[ \t]*#*[ \t]*$")
_IMAGE = re.compile(r"!\[(?:[^\[\]\\`<>$!\n]{0,500}\]\(attachment:([A-Za-z0-9._-]{1,100})\))?")
_TAG = re.compile(r"<(?![\s\d=<>|,.;)-]|$)")


def clean_markdown(text: str, attachments: Collection[str] = ()) -> str:
    """A student's Markdown with nothing active in it; what is not a string becomes an empty one.

    - Tags: a `<` that could begin one is followed by a space, so HTML shows as text. `<https://…>`
      loses its brackets.
    - Addresses: `javascript:`, `data:` and their like get a space before the colon, which makes
      them text.
    - Links lead to `https://…`, `http://…`, `mailto:` or a heading; any other gets a space that
      makes it text.
    - Images: only `![alt](attachment:name)` with a name in `attachments` stays one. Any other
      becomes a link, since a remote image tells its server who reads the page and when.
    - Mathematics: MathJax commands that link, style or load (`\\href`, `\\style`, `\\require`) lose
      their backslash.
    - Code: a fence keeps its language only if it is in LANGUAGES, else it is `text`. (nbconvert
      would copy Mermaid into the page as it is, and some of the many highlighters never end.)
    - Headings end in an invisible character. nbconvert makes an id of a heading's text, and the
      formgrader finds its score boxes by id: a heading named after a grade_id would take another
      exercise's place.

    Cleaning twice changes nothing more. Cut at MARKDOWN_LIMIT characters. Never raises.
    """
    if not isinstance(text, str):
        return ""
    made = _clean(_cut(text, MARKDOWN_LIMIT), attachments)
    # Spaces make it longer; a text that is clean grows by a few characters at most, where it was
    # cut.
    return (
        made
        if len(made) <= MARKDOWN_LIMIT
        else _clean(_cut(made, MARKDOWN_LIMIT - 100), attachments)
    )


def _cut(text: str, limit: int) -> str:
    return (
        text
        if len(text) <= limit
        else text[: limit - len(MARKDOWN_CUT) - 2] + "\n\n" + MARKDOWN_CUT
    )


def _clean(text: str, attachments: Collection[str]) -> str:
    text = strip_controls(decode_references(strip_controls(text)))
    if len(_OPENINGS.findall(text)) > MANY:
        text = _OPENINGS.sub(r"\g<0> ", text)
    text = _AUTOLINK.sub(lambda m: f"{m[1]} {m[2]}" if m[2] else m[1], text)
    text = break_macros(_DESTINATION.sub(r"\1\2 ", _SCHEMES.sub(r"\g<0> ", text)))
    text = "\n".join(_lines([piece for line in text.split("\n") for piece in _pieces(line)]))
    # after the headings, whose mark could be taken for a destination
    text = _INWARD.sub("] ", text)
    text = _IMAGE.sub(lambda m: m[0] if m[1] in attachments else "! " + m[0][1:], text)
    return _TAG.sub("< ", text)


def decode_references(text: str) -> str:
    """Decode the character references that stand for ASCII (`&lt;`, `&#58;`, `&Tab;`), also nested
    ones."""
    for _ in range(8):
        if "&" not in text or (decoded := _REFERENCE.sub(_decode, text)) == text:
            return text
        text = decoded
    # nobody means that
    return _REFERENCE.sub(lambda m: m[0] if _decode(m) == m[0] else "& " + m[0][1:], text)


def _decode(match: re.Match) -> str:
    decimal, hexadecimal, name = match.groups()
    if name:
        character = html5.get(name + ";", "")
    else:
        code = int(decimal) if decimal else int(hexadecimal, 16)
        character = chr(code) if 0 < code < 128 else ""
    return character if character and character.isascii() else match[0]


def _pieces(line: str) -> list[str]:
    """A line, in pieces if it opens more links than anyone writes."""
    if line.count("[") <= MANY:
        return [line]
    parts = line.split("[")
    return [
        "[".join(parts[at : at + MANY]) + "[" * (at + MANY < len(parts))
        for at in range(0, len(parts), MANY)
    ]


def _lines(lines: list[str]) -> list[str]:
    """The rules that look at whole lines: the language of code, and headings."""
    following = [*lines[1:], ""]
    made = []
    for line, after in zip(lines, following, strict=True):
        if "```" in line or "~~~" in line:
            fence = _FENCE.match(line)
            if fence and fence[3].lower().strip("{}") not in LANGUAGES:
                line = f"{fence[1]}text {line[fence.start(3) :]}"
            line = re.sub("(?<!text-)mermaid", r"text-\g<0>", line, flags=re.IGNORECASE)
        underlined = line.strip() and _UNDERLINE.match(after)
        if (underlined or _HEADING.match(line)) and HEADING_MARK not in line[-12:]:
            line = _CLOSING.sub(rf" {HEADING_MARK}\g<0>", line, count=1)
        made.append(line)
    return made
