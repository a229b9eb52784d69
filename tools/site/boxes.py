"""The notebooks' boxes as the site's own: exercises, questions and hints.

In a notebook a box is a coloured `<div>` and a hint is `<details>`, for that is what Jupyter shows.
On a page they are MyST directives: admonitions with a title, an address and a name for screen
readers, and dropdowns that open with a key and in print.
"""

from __future__ import annotations

import re

BOX = re.compile(r'^<div class="alert alert-(success|info)">\n+(.*?)\n+</div>$', re.M | re.S)
HINT = re.compile(r"^<details><summary>(.*?)</summary>\n+(.*?)\n+</details>$", re.M | re.S)
# **Exercise 1 · the network** &nbsp; ★☆☆ &nbsp; 8 minutes &nbsp; 3 points
FACTS = re.compile(r"\*\*(?P<title>[^*]+)\*\* &nbsp; (?P<stars>[★☆]+) &nbsp; (?P<facts>[^\n]+)\n+")
# **Predict, then run.** Now the real thing …
QUESTION = re.compile(r"\*\*(?P<title>[^*]+?)\.?\*\*\s+")


def boxes(text: str, name: str = "") -> str:
    """A cell's Markdown with its boxes as directives.

    Args:
        text: the Markdown of one cell.
        name: what an exercise of this cell is called in addresses, `#name`.
    """
    return HINT.sub(_hint, BOX.sub(lambda match: _box(match, name), text))


def _box(match: re.Match[str], name: str) -> str:
    body = match[2]
    if exercise := FACTS.match(body):
        target = f"({name})=\n" if name else ""
        options = ":class: exercise\n\n" + _facts(exercise["stars"], exercise["facts"])
        return target + _directive("admonition", exercise["title"], options, body[exercise.end() :])
    question = QUESTION.match(body)
    title, rest = (question["title"], body[question.end() :]) if question else ("Question", body)
    return _directive("admonition", title, ":class: predict\n", rest)


def _facts(stars: str, facts: str) -> str:
    """Stars are read out as a number, not as "black star, white star, white star"."""
    level = f"difficulty {stars.count('★')} of {len(stars)}"
    parts = [f'<span role="img" aria-label="{level}">{stars}</span>']
    parts += [f"<span>{fact.strip()}</span>" for fact in facts.split("&nbsp;")]
    return f'<p class="facts">{" ".join(parts)}</p>\n'


def _hint(match: re.Match[str]) -> str:
    return _directive("dropdown", match[1], ":class-container: hint\n", match[2])


def _directive(kind: str, title: str, options: str, body: str) -> str:
    return f":::::{{{kind}}} {title}\n{options}\n{body.strip()}\n:::::"
