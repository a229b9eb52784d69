"""docs/adopting.md, carried out word by word, in an environment without PyTorch and without this
lab: from nbgrader's example course to marks, reports and an audit."""

from __future__ import annotations

import re
import shutil
import sqlite3

import pytest

from tests.conftest import ROOT
from tests.helpers.alone import outside

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]

PAGE = ROOT / "docs" / "adopting.md"
FOLDER = re.compile(r"^cd (\S+)$", re.M)
INSTALL = """python3 -m venv grader
. grader/bin/activate
pip install -q ./autograder
"""
HEAD = "set -e\n"


def blocks() -> list[str]:
    return re.findall(r"^```sh\n(.*?)^```$", PAGE.read_text(), re.M | re.S)


@pytest.fixture(scope="module")
def followed(alone, tmp_path_factory):
    """What each block of the page said. The environment `alone` holds what its first three lines
    install."""
    place = tmp_path_factory.mktemp("adopting")
    first, *others = blocks()
    assert first.startswith(INSTALL)
    path = f"{alone.parent}:/usr/local/bin:/usr/bin:/bin"
    said, here = [], place
    for block in (first.removeprefix(INSTALL), *others):
        ran = outside("bash", "-c", HEAD + block, cwd=here, PATH=path, HOME=str(place))
        assert ran.returncode == 0, f"{block}\n{ran.stdout}\n{ran.stderr}"
        said.append(ran.stdout + ran.stderr)
        for folder in FOLDER.findall(block):
            here = here / folder
    return here, said


def test_the_example_course_is_released_marked_and_reported(followed):
    course, (released, marked, _) = followed
    assert "the masters earn full marks and nothing leaks" in released
    assert "ordinary tests, which run beside the student's code" in released
    assert re.search(r"^ ada +3 ", marked, re.M) and re.search(r"^ bob +0 ", marked, re.M)
    assert "bob, correct_squares: 0 of 1 points" in marked
    assert (course / "reports" / "ps1.html").is_file()
    assert (course / "feedback" / "ada" / "ps1" / "problem1.html").is_file()
    [export] = course.glob("*.csv")
    assert "correct_squares" in export.read_text()


def test_the_gradebook_holds_the_marks(followed):
    course, _ = followed
    with sqlite3.connect(course / "gradebook.db") as book:
        scores = book.execute("select sum(auto_score) from grade").fetchone()
    assert scores == (3.0,)


def test_the_audit_says_what_the_tests_notice(followed):
    audit = followed[1][2]
    assert "6 of 6 mutants are noticed" in audit
    assert re.search(r"squares_invalid_input .* notices nothing", audit)


def test_nothing_of_this_lab_is_there(followed, alone):
    for name in ("torch", "ntk_helpers"):
        assert outside(alone, "-c", f"import {name}").returncode
    assert shutil.which("ntk", path=str(alone.parent))
