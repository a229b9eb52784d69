"""`python -m tools.site` where something is wrong: one line that says what, and the old site
stays."""

from __future__ import annotations

import runpy
import shutil
import stat
import zipfile
from types import SimpleNamespace

import pytest
from sphinx.util.tags import Tags

from tests.conftest import ASSIGNMENT, FIRST, ROOT
from tools.site import __main__ as command
from tools.site import source
from tools.site.addresses import check
from tools.site.errors import BuildError

NOTEBOOK = f"{ASSIGNMENT}/{FIRST}.ipynb"
GITHUB = 'repository = "https://github.com/some/lab"\n'


@pytest.fixture
def clone(tmp_path, monkeypatch):
    """What a site is made of, to be broken."""
    clone = tmp_path / "a clone"
    for part in ("site", "release", "source", "docs"):
        shutil.copytree(ROOT / part, clone / part)
    monkeypatch.setattr(source, "ROOT", clone)
    monkeypatch.setattr(command, "ROOT", clone)
    return clone


@pytest.fixture
def old(tmp_path):
    """An earlier site."""
    old = tmp_path / "an old site"
    old.mkdir()
    (old / command.MARK).touch()
    (old / "index.html").write_text("old")
    return old


def refused(capsys, *options) -> str:
    assert command.main([str(option) for option in options]) == 1
    said = capsys.readouterr()
    assert said.out == "" and said.err.startswith("site: ") and said.err.count("\n") == 1
    return said.err


def damage(path, content):
    """`content`: what is written instead; None: nothing is left."""
    if content is not None:
        path.write_text(content)
    elif path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()


@pytest.mark.parametrize(
    ("part", "content", "words"),
    [
        ("release", None, "make release"),
        (f"release/{NOTEBOOK}", "no JSON", f"{NOTEBOOK} is no notebook"),
        (f"release/{NOTEBOOK}", '{"cells": 3}', f"{NOTEBOOK} is no notebook"),
        (f"source/{NOTEBOOK}", "no JSON", f"{NOTEBOOK} is no notebook"),
        (f"source/{NOTEBOOK}", None, f"source/{NOTEBOOK} is missing"),
        ("site/data/motion.json", None, "python -m tools.site.motion"),
        ("site/data/motion.json", "[1,", "python -m tools.site.motion"),
        ("site/data/motion.json", "{}", "python -m tools.site.motion"),
        ("site/conf.py", None, "conf.py: No such file"),
        ("docs/what-if.md", None, "what-if.md: No such file"),
    ],
)
def test_what_is_missing_or_damaged_is_named(clone, old, capsys, part, content, words):
    damage(clone / part, content)
    assert words in refused(capsys, "--out", old)
    assert (old / "index.html").read_text() == "old"
    assert sorted(path.name for path in old.parent.iterdir()) == ["a clone", "an old site"]


def test_a_place_that_cannot_be_written_is_named(tmp_path, capsys):
    file = tmp_path / "file"
    file.write_text("mine")
    assert "file" in refused(capsys, "--out", file)
    assert "file" in refused(capsys, "--out", file / "below")
    assert "/proc/" in refused(capsys, "--out", "/proc/ntk/site")
    assert file.read_text() == "mine"


def test_pages_that_give_answers_away_say_so_on_each(instructors, site, monkeypatch, capsys):
    words = "These pages give answers away"
    for folder, told in ((instructors, True), (site, False)):
        pages = [path for path in folder.rglob("*.html") if "_static" not in path.parts]
        assert len(pages) > 5
        assert all((words in path.read_text()) == told for path in pages)
    monkeypatch.setattr(command, "build", lambda *_: None)
    command.main(["--audience", "instructors"])
    assert words in capsys.readouterr().out
    command.main([])
    assert words not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('repository = "https://github.com/some/lab', "is no TOML"),
        (GITHUB + 'binderr = "https://mybinder.org"', "no use for 'binderr'"),
        (GITHUB + "jupyterhub = 5", "jupyterhub is a text"),
        (GITHUB + 'binder = "mybinder.org"', "binder is a web address"),
        (GITHUB + 'binder = "javascript:alert(1)"', "binder is a web address"),
        (GITHUB + "binder = 'https://x.org/\"onclick=\"'", "binder is a web address"),
        ('repository = "git@github.com:some/lab"', "repository is a web address"),
        ('repository = "https://github.com/lab"', "https://host/owner/name"),
        ('jupyterhub = "https://hub.example.org"', "needs a repository"),
        ('repository = "https://git.example.org/a/b"\ncolab = "https://c.org"', "colab opens"),
    ],
)
def test_an_address_that_makes_a_dead_button_is_told(tmp_path, capsys, text, words):
    addresses = tmp_path / "addresses.toml"
    addresses.write_text(text)
    said = refused(capsys, "--out", tmp_path / "out", "--addresses", addresses)
    assert words in said and not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "text",
    [
        (ROOT / "site" / "addresses.toml").read_text(),
        GITHUB.replace("lab", "lab/") + 'binder = "https://mybinder.org/"\nfolder = "/x/"',
        'repository = "https://git.example.org:8443/group/a.b/lab"\njupyterhub = "http://hub:8000"',
    ],
)
def test_others_are_taken(tmp_path, text):
    addresses = tmp_path / "addresses.toml"
    addresses.write_text(text)
    check(addresses)


def test_a_missing_file_of_addresses_is_told(tmp_path):
    with pytest.raises(BuildError, match="is missing"):
        check(tmp_path / "addresses.toml")


@pytest.mark.parametrize(
    ("host", "provider"), [("https://git.example.org", "gitlab"), ("https://github.com", "")]
)
def test_a_hub_opens_a_repository_on_any_host(tmp_path, host, provider):
    """The theme stops at a host that it does not know, unless it is told what it is like."""
    addresses = tmp_path / "addresses.toml"
    addresses.write_text(f'repository = "{host}/some/lab"\njupyterhub = "https://hub.org"')

    config = SimpleNamespace(html_theme_options={}, addresses=addresses)
    conf = runpy.run_path(str(ROOT / "site" / "conf.py"), {"tags": Tags()})
    conf["_where_to_open"](None, config)
    assert config.html_theme_options["repository_provider"] == provider


def test_what_is_taken_along_can_be_read_by_whoever_it_is_unpacked_for(site):
    with zipfile.ZipFile(site / "downloads" / "ntk-lab.zip") as archive:
        for entry in archive.infolist():
            mode = entry.external_attr >> 16
            assert mode & stat.S_IROTH, entry.filename


def test_every_module_that_students_import_is_described(instructors):
    text = (instructors / "instructors" / "api-helpers.html").read_text()
    for path in (ROOT / "ntk_helpers").glob("[!_]*.py"):
        assert f"ntk_helpers.{path.stem}</span>" in text, path.name
    assert "_SupportsArray" not in text and "ForwardRef" not in text
    checks = (instructors / "instructors" / "api-checks.html").read_text()
    assert "&lt;lambda&gt;" not in checks
