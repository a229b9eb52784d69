"""What README and docs/ tell people to type is understood, and what they quote is really said."""

from __future__ import annotations

import re
import shlex

import pytest

from autograder.cli import parser
from ntk_helpers.packages import LAB, missing
from tests.conftest import ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
COMMAND = re.compile(r"(?:^|`|\$ )(ntk (?!-)[a-z]+[^`\n]*)", re.MULTILINE)
OPEN = set("[]<>…|&$")  # a pattern of commands, not one


def commands(text: str) -> list[str]:
    """Whole ones: `ntk score` alone, or with nothing but an option, is a name in a sentence."""
    found = (re.split(r"\s{3,}|\s#", line)[0] for line in COMMAND.findall(text))
    whole = re.compile(r"ntk \w+ [^-].*")
    return [line for line in found if whole.fullmatch(line) and not OPEN & set(line)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_commands_are_understood(page, capsys):
    for command in commands(page.read_text()):
        try:
            parser().parse_args(shlex.split(command)[1:])
        except SystemExit:
            pytest.fail(f"{page.name}: {command}\n{capsys.readouterr().err}")


def test_there_are_commands_to_look_at():
    assert sum(len(commands(page.read_text())) for page in PAGES) > 20
    for name in ("settling", "platforms"):
        assert len(commands((ROOT / "docs" / f"{name}.md").read_text())) >= 3


def test_what_if_quotes_what_students_read():
    page = " ".join((ROOT / "docs" / "what-if.md").read_text().split())
    sources = "\n".join(p.read_text() for p in (ROOT / "ntk_helpers").rglob("*.py"))
    assert "is not defined yet" in page and "is not defined yet" in sources
    words = " ".join(missing("seaborn").split())
    assert "is not among the packages that notebooks are marked with" in page
    assert "is not among the packages that notebooks are marked with" in words
    assert all(f"`{name}`" in page for name in LAB)
