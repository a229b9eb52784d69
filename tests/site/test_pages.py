"""The built site, file by file: what must not be there, what must, and that every link leads
somewhere."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup

from autograder.authoring.release import secrets_of
from autograder.course import Course
from tests.conftest import ASSIGNMENT, FIRST, ROOT
from tests.helpers.pages import broken_links, findings, outside, squeezed

INTERNAL = (
    r"autograder",
    r"BEGIN (SOLUTION|HIDDEN|MARK)",
    r"\.ntk/",
    r"gradebook\.db",
    str(ROOT) + r"\b",
)


@pytest.fixture(scope="module")
def hidden():
    """Lines of all masters that only they may hold."""
    course = Course(ROOT)
    exams = [course.exam(path.name) for path in sorted((ROOT / "source").glob("[!.]*/"))]
    return {line for exam in exams for lines in secrets_of(exam).values() for line in lines}


def soup(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(), "html.parser")


def test_no_file_holds_a_solution_a_hidden_test_or_a_mark_scheme(site, hidden):
    assert len(hidden) > 120
    assert findings(site, hidden, INTERNAL) == []


@pytest.mark.parametrize("place", ["page", "notebook", "archive", "index"])
def test_such_a_line_would_be_found(site, hidden, tmp_path, place):
    line = max((line for line in hidden if "(" in line and '"' not in line), key=len)
    copy = tmp_path / "site"
    copy.mkdir()
    if place == "page":  # as Pygments writes code
        words = "".join(f"<span>{word}</span> " for word in line.replace("<", "&lt;").split())
        (copy / "page.html").write_text(f"<pre>{words}</pre>")
    elif place == "notebook":
        cell = nbformat.v4.new_code_cell(line)
        nbformat.write(nbformat.v4.new_notebook(cells=[cell]), copy / "x.ipynb")
    elif place == "archive":
        with zipfile.ZipFile(copy / "all.zip", "w") as archive:
            archive.writestr("deep/inside.py", f"    {line}\n")
    else:
        (copy / "searchindex.js").write_text(json.dumps({"terms": [line]}))
    assert findings(copy, hidden, INTERNAL)


def test_a_path_of_this_machine_or_the_grader_would_be_found(tmp_path):
    (tmp_path / "a.html").write_text(f"<p>made in {ROOT}</p>")
    (tmp_path / "b.js").write_text("// autograder/lab")
    assert len(findings(tmp_path, [], INTERNAL)) == 4  # each file in two ways


def test_every_link_and_anchor_leads_somewhere(site, instructors):
    assert broken_links(site) == []
    assert broken_links(instructors) == []


def test_a_broken_one_would_be_found(site, tmp_path):
    copy = tmp_path / "site"
    copy.mkdir()
    (copy / "a.html").write_text('<a href="b.html#there">1</a><a href="b.html#gone">2</a>')
    (copy / "b.html").write_text('<p id="there"><a href="c.html">3</a><img src="d.png"></p>')
    assert broken_links(copy) == ["a.html: b.html#gone", "b.html: c.html", "b.html: d.png"]


def test_nothing_is_loaded_from_elsewhere(site):
    """The pages for students name no other machine at all."""
    assert outside(site) == set()


def test_the_places_of_the_answers_are_there_and_empty(site):
    page = soup(site / ASSIGNMENT / f"{FIRST}.html")
    released = nbformat.read(ROOT / "release" / ASSIGNMENT / f"{FIRST}.ipynb", as_version=4)
    stubs = [c.source for c in released.cells if "YOUR CODE HERE" in c.source]
    shown = [squeezed(cell.get_text()) for cell in page.select(".tag_answer .cell_input")]
    assert [squeezed(stub) for stub in stubs] == shown
    assert not page.select(".tag_answer .cell_output") and not page.select(
        ".tag_checkpoint .cell_output"
    )
    assert len(page.select(".answer-place")) == 1  # the one in words


def test_given_cells_show_what_the_master_saw(site):
    page = soup(site / ASSIGNMENT / f"{FIRST}.html")
    master = nbformat.read(ROOT / "source" / ASSIGNMENT / f"{FIRST}.ipynb", as_version=4)
    spectrum = next(cell for cell in master.cells if cell.id == "gram-eigenvalues").outputs[0].text
    assert squeezed(spectrum) in squeezed(page.get_text())
    given = [
        cell
        for cell in master.cells
        if cell.cell_type == "code" and not cell.metadata.nbgrader.grade and cell.outputs
    ]
    assert len(page.select(".tag_given .cell_output")) == len(given) > 20
    pictures = page.select(".tag_given .cell_output img")
    assert len(pictures) > 10
    for picture in pictures:
        file = (site / ASSIGNMENT / picture["src"]).resolve()
        assert file.read_bytes()[:4] == b"\x89PNG"
        assert len(picture["alt"]) > 20 and int(picture["width"]) and picture["loading"] == "lazy"
        assert "aspect-ratio" in picture["style"]


def test_boxes_and_hints_are_admonitions_and_dropdowns(site):
    page = soup(site / ASSIGNMENT / f"{FIRST}.html")
    exercises = page.select(".admonition.exercise")
    assert [box.p.get_text()[:10] for box in exercises] == [f"Exercise {n}" for n in range(1, 8)]
    assert page.select_one("#exercise-ntk-kernel") and len(page.select(".admonition.predict")) > 5
    hints = page.select("details.hint, details:has(> summary)")
    assert len(hints) >= 7 and all(hint.summary.get_text().strip() for hint in hints)
    assert not page.select(".alert") and "&nbsp;" not in page.get_text()
    assert page.select_one('[aria-label="difficulty 1 of 3"]')


def test_the_first_page_leads_to_every_exercise(site):
    page = soup(site / "index.html")
    links = [link["href"] for link in page.select("article a")]
    for lab in sorted((ROOT / "release").glob("*/*.ipynb")):
        for cell in nbformat.read(lab, as_version=4).cells:
            if "minutes &nbsp;" in cell.source:
                assert f"{lab.parent.name}/{lab.stem}.html#{cell.id.replace('_', '-')}" in links


def test_the_search_knows_the_catapult(site):
    terms = (site / "searchindex.js").read_text()
    assert '"catapult"' in terms


def test_what_is_taken_along_is_what_is_released_and_works(site, tmp_path):
    for lab in sorted((ROOT / "release").glob("*/*.ipynb")):
        copy = site / "downloads" / lab.parent.name / lab.name
        assert copy.read_bytes() == lab.read_bytes()
    with zipfile.ZipFile(site / "downloads" / "ntk-lab.zip") as archive:
        archive.extractall(tmp_path)
    folder = tmp_path / "ntk-lab"
    assert (folder / ASSIGNMENT / f"{FIRST}.ipynb").is_file()
    [package] = folder.glob("*.whl")
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-index", "--no-build-isolation"]
    # everything that it asks for can be had together: here it is installed already
    resolve = [*pip, "--dry-run", "-r", "requirements.txt"]
    run = subprocess.run(resolve, cwd=folder, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    target = tmp_path / "installed"
    subprocess.run([*pip, "--no-deps", "--target", target, package], check=True)
    code = "import ntk_helpers.data as d; print(d.__file__); print(d.fashion_pair(8)[0].shape)"
    env = os.environ | {"PYTHONPATH": str(target)}
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout.splitlines() == [
        str(target / "ntk_helpers" / "data.py"),
        "torch.Size([8, 1, 28, 28])",
    ], run.stderr


def test_binder_finds_its_files_and_they_resolve(site):
    binder = ROOT / ".binder"
    lines = (binder / "requirements.txt").read_text().splitlines()
    assert "." in lines and (binder / "runtime.txt").read_text().startswith("python-3.")
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-index", "--no-build-isolation"]
    run = subprocess.run(
        [*pip, "--dry-run", "-r", ".binder/requirements.txt"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    with zipfile.ZipFile(site / "downloads" / "ntk-lab.zip") as archive:
        inside = archive.read("ntk-lab/.binder/requirements.txt").decode().splitlines()
        assert f"ntk-lab/{next(x for x in inside if x.startswith('./'))[2:]}" in archive.namelist()


def test_launch_buttons_open_what_is_in_the_students_repository(site, instructors):
    page = soup(instructors / ASSIGNMENT / f"{FIRST}.html")
    links = [link["href"] for link in page.select("a[href]")]
    path = f"{ASSIGNMENT}/{FIRST}.ipynb"
    [binder] = [x for x in links if x.startswith("https://mybinder.org")]
    [hub] = [x for x in links if x.startswith("https://hub.example.org")]
    [colab] = [x for x in links if x.startswith("https://colab")]
    assert "somewhere/ntk-lab/autumn" in binder and path in binder.replace("%2F", "/")
    assert "git-pull" in hub and path in hub.replace("%2F", "/") and "branch=autumn" in hub
    assert colab.endswith(f"somewhere/ntk-lab/blob/autumn/{path}")
    with zipfile.ZipFile(site / "downloads" / "ntk-lab.zip") as archive:
        assert f"ntk-lab/{path}" in archive.namelist()
    # no address, no button
    assert "git-pull" not in (site / ASSIGNMENT / f"{FIRST}.html").read_text()


def test_instructors_get_the_docs_and_the_interfaces_and_are_warned(site, instructors):
    for name in ("adopting", "operating", "science", "extending"):
        assert (instructors / "instructors" / f"{name}.html").is_file()
    start = soup(instructors / "instructors" / "index.html")
    assert "give answers away" in start.select_one(".admonition.warning").get_text()
    helpers = soup(instructors / "instructors" / "api-helpers.html")
    checks = soup(instructors / "instructors" / "api-checks.html")
    assert helpers.find(id="ntk_helpers.data.fashion_pair")
    assert checks.find(id="autograder.checks.base.Check")
    assert checks.find(id="autograder.configuration.configure")
    assert not (site / "instructors").exists()


def test_a_site_replaces_a_site_and_nothing_else(site, tmp_path):
    other = tmp_path / "thesis"
    other.mkdir()
    (other / "chapter.tex").write_text("mine")
    command = [sys.executable, "-m", "tools.site", "--out", other]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 1 and "something else than a site" in run.stderr
    assert [path.name for path in other.iterdir()] == ["chapter.tex"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--audience", "deans"], "choose students or instructors"),
        (["--addresses", "nowhere.toml"], "nowhere.toml is missing"),
    ],
)
def test_wrong_options_are_told_in_a_line(tmp_path, options, words):
    command = [sys.executable, "-m", "tools.site", "--out", tmp_path / "out", *options]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 1 and words in run.stderr and run.stderr.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_a_warning_of_sphinx_is_an_error_and_nothing_is_replaced(site, tmp_path, monkeypatch):
    """A page with a link that leads nowhere is named; the old site stays."""
    from tools.site import __main__ as command
    from tools.site import source

    clone = tmp_path / "clone"
    for part in ("site", "release", "source", "docs", ".binder"):
        shutil.copytree(ROOT / part, clone / part)
    shutil.copy(ROOT / "LICENSE", clone)
    page = clone / "site" / "pages" / "students.md"
    page.write_text(page.read_text() + "\n[lost](nowhere.md)\n")
    monkeypatch.setattr(source, "ROOT", clone)
    monkeypatch.setattr(command, "ROOT", clone)
    out = tmp_path / "out"
    shutil.copytree(site, out)
    before = (out / "index.html").read_bytes()
    assert command.main(["--out", str(out), "--addresses", str(clone / "site/addresses.toml")]) == 1
    assert (out / "index.html").read_bytes() == before
