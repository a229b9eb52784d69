"""Nothing of what only masters and the grader hold stands in any file of the students' site,
however it is written there."""

from __future__ import annotations

import base64
import html
import json
import struct
import sys
import tempfile
import zipfile
import zlib
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.authoring.release import SHORT, secrets_of
from autograder.course import Course
from tests.conftest import ROOT
from tests.helpers.pages import finder, findings

INTERNAL = (
    r"autograder",
    r"BEGIN (SOLUTION|HIDDEN|MARK)",
    r"\.ntk(?![\w-])",
    r"gradebook\.db",
    *(rf"{path}\b" for path in (ROOT, Path.home(), sys.prefix)),
    rf"{tempfile.gettempdir()}/\w",
)


@pytest.fixture(scope="module")
def exams():
    course = Course(ROOT)
    return [course.exam(path.name) for path in sorted((ROOT / "source").glob("[!.]*/"))]


@pytest.fixture(scope="module")
def hidden(exams):
    """Lines of all masters that only they may hold; of lines too short to say anything, each with
    its neighbours."""
    found = {line for exam in exams for lines in secrets_of(exam).values() for line in lines}
    return found | {lines for exam in exams for lines in neighbours(exam)}


def neighbours(exam):
    for notebook in exam.notebooks:
        for cell, known in zip(notebook.fresh().cells, notebook.cells, strict=True):
            lines = [line.strip() for line in cell.source.splitlines() if line.strip()]
            stub = {line.strip() for line in known.stub.splitlines()}
            for one, other in pairwise(lines):
                both = f"{one}\n{other}"
                if one not in stub and other not in stub and len(both) > SHORT:
                    yield both


@pytest.fixture(scope="module")
def graders():
    """Lines of the exercises' checks, references and mistakes that stand nowhere in the open."""
    private, shown = set(), set()
    for path in (ROOT / "autograder" / "lab").rglob("*.py"):
        private |= {line.strip() for line in path.read_text().splitlines()}
    for path in (ROOT / "ntk_helpers").rglob("*.py"):
        shown |= {line.strip() for line in path.read_text().splitlines()}
    for path in (ROOT / "release").glob("*/*.ipynb"):
        for cell in nbformat.read(path, as_version=4).cells:
            shown |= {line.strip() for line in cell.source.splitlines()}
    known = {line for line in private - shown if len(line) >= 24}
    return {line for line in known if not line.startswith(("import ", "from "))}


def test_no_file_holds_a_solution_a_hidden_test_or_a_mark_scheme(site, hidden):
    assert len(hidden) > 160
    assert findings(site, hidden, INTERNAL) == []


def test_no_file_holds_a_line_of_a_check(site, graders):
    """Without what comes from Sphinx's theme, for there are thousands of lines."""
    assert len(graders) > 2000
    assert findings(site, graders, (), without=("_static",)) == []


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def planted(folder: Path, place: str, line: str) -> None:
    """Write `line` into a file of `folder`."""
    encoded = base64.b64encode(line.encode()).decode()
    png = b"\x89PNG\r\n\x1a\n"
    pages = {
        # as Pygments writes code
        "page": "".join(f"<span>{html.escape(word)}</span> " for word in line.split()),
        "attribute": f'<p data-x="{html.escape(line)}">',
        "comment": f"<!-- {html.escape(line)} -->",
        "base64": f'<img src="data:text/plain;base64,{encoded}">',
        "address": f'<a href="data:text/plain,{quote(line)}">',
    }
    files = {
        "index": ("searchindex.js", json.dumps({"terms": [line]}).encode()),
        "source map": ("a.map", json.dumps([f"x\n{line}"]).replace("(", "\\u0028").encode()),
        "UTF-16": ("a.txt", line.encode("utf-16")),
        "inventory": ("objects.inv", b"1\n2\n3\n4\n" + zlib.compress(line.encode())),
        "remark": ("a.png", png + chunk(b"tEXt", b"Title\0" + line.encode())),
        "zipped remark": ("a.png", png + chunk(b"zTXt", b"T\0\0" + zlib.compress(line.encode()))),
        "behind a picture": ("a.png", png + chunk(b"IEND", b"") + line.encode()),
        "unknown": ("a.gz", zlib.compress(line.encode())),
    }
    if place in pages:
        (folder / "page.html").write_text(pages[place])
    elif place == "notebook":
        cell = nbformat.v4.new_code_cell(line)
        nbformat.write(nbformat.v4.new_notebook(cells=[cell]), folder / "x.ipynb")
    elif place == "archive":
        with zipfile.ZipFile(folder / "all.zip", "w") as archive:
            archive.writestr("deep/inside.py", f"    {line}\n")
    else:
        name, content = files[place]
        (folder / name).write_bytes(content)


PLACES = ["page", "attribute", "comment", "base64", "address", "notebook", "archive", "index"]
PLACES += ["source map", "UTF-16", "inventory", "remark", "zipped remark", "behind a picture"]


@pytest.mark.parametrize("place", [*PLACES, "unknown"])
def test_such_a_line_would_be_found(hidden, tmp_path, place):
    plain = [x for x in hidden if "(" in x and (">" in x or "'" in x) and "\n" not in x]
    planted(tmp_path, place, max((x for x in plain if x.isascii()), key=len))
    assert findings(tmp_path, hidden, INTERNAL)


LINES = st.text("ab", min_size=3, max_size=6)


@given(st.lists(LINES, unique=True), st.text("ab", max_size=40))
def test_looking_for_all_at_once_finds_what_one_by_one_does(lines, text):
    assert finder(lines)(text) == [line for line in lines if line in text]


def test_short_lines_would_be_found(hidden, tmp_path):
    (tmp_path / "a.py").write_text("    loss.backward()\n    optimizer.step()\n")
    (tmp_path / "b.py").write_text("ws[0] = w0\n")
    found = findings(tmp_path, hidden, ())
    assert any("a.py" in x for x in found)


def test_a_check_would_be_found(graders, tmp_path):
    text = (ROOT / "autograder" / "lab" / "ntk_kernel" / "battery.py").read_text()
    (tmp_path / "extra.py").write_text(text)
    assert len(findings(tmp_path, graders, ())) > 10


def test_a_path_of_this_machine_or_the_grader_would_be_found(tmp_path):
    (tmp_path / "a.html").write_text(f"<p>made in {ROOT}</p>")
    (tmp_path / "b.js").write_text("// autograder/lab")
    (tmp_path / "c.html").write_text(f"<p>{Path.home()}/x and {sys.prefix}</p>")
    found = findings(tmp_path, [], INTERNAL)
    assert {x.split(".")[0] for x in found} == {"a", "b", "c"}
