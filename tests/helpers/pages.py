"""The course's pages, made once for a run of the tests, and what can be said of a built site without
a browser."""

from __future__ import annotations

import fcntl
import html
import io
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

from bs4 import BeautifulSoup

from tests.conftest import BWRAP, ROOT

BINARY = {".png", ".woff", ".woff2", ".ttf", ".ico", ".inv", ".npz"}
ARCHIVES = {".zip", ".whl"}


def make_site(shared: Path, audience: str = "students", *options: str) -> Path:
    """The folder of a site, made without a network. `shared`: a folder of this run of the tests."""
    folder = shared / f"site-{audience}"
    with (shared / f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "index.html").exists():
            offline = [BWRAP, "--dev-bind", "/", "/", "--unshare-net", "--"]
            command = [*offline, sys.executable, "-m", "tools.site", "--audience", audience]
            run = subprocess.run(
                [*command, "--out", folder, *options],
                cwd=ROOT,
                capture_output=True,
                text=True,
                check=False,
            )
            assert run.returncode == 0, run.stderr
    return folder


def texts(folder: Path) -> Iterator[tuple[str, str]]:
    """Every text of every file, also of those within archives: (name, text)."""
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        yield from _texts_of(str(path.relative_to(folder)), path.read_bytes())


def _texts_of(name: str, content: bytes) -> Iterator[tuple[str, str]]:
    suffix = Path(name).suffix
    if suffix in ARCHIVES:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.namelist():
                yield from _texts_of(f"{name}/{member}", archive.read(member))
    elif suffix not in BINARY:
        text = content.decode(errors="replace")
        yield name, text
        if suffix == ".html":  # code is in pieces there, a span a word
            yield f"{name} as it is read", BeautifulSoup(text, "html.parser").get_text()
        elif suffix in (".js", ".json", ".ipynb"):
            plain = re.sub(r"\\u([0-9a-fA-F]{4})", lambda code: chr(int(code[1], 16)), text)
            yield f"{name} unescaped", html.unescape(plain.replace('\\"', '"'))


def findings(folder: Path, lines: Iterable[str], words: Iterable[str]) -> list[str]:
    """Which of these lines (spaces do not matter) and words stand anywhere in a site."""
    wanted = {squeezed(line): line for line in lines}
    found = []
    for name, text in texts(folder):
        flat = squeezed(text)
        found += [f"{name}: {line}" for short, line in wanted.items() if short in flat]
        found += [f"{name}: {word}" for word in words if re.search(word, text)]
    return found


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def broken_links(folder: Path) -> list[str]:
    """Addresses within a site that lead nowhere: a missing file, a missing anchor."""
    pages = {
        path.resolve(): BeautifulSoup(path.read_text(), "html.parser")
        for path in sorted(folder.rglob("*.html"))
        if "_static" not in path.parts
    }
    anchors = {path: {tag["id"] for tag in page.find_all(id=True)} for path, page in pages.items()}
    broken = []
    for path, page in pages.items():
        for tag, name in (("a", "href"), ("link", "href"), ("img", "src"), ("script", "src")):
            for element in page.find_all(tag, attrs={name: True}):
                address, anchor = urldefrag(element[name])
                if urlsplit(address).scheme:
                    continue
                plain = unquote(urlsplit(address).path)
                target = (path.parent / plain).resolve() if plain else path
                missing = anchor and target in anchors and unquote(anchor) not in anchors[target]
                if not target.is_file() or missing:
                    broken.append(f"{path.relative_to(folder.resolve())}: {element[name]}")
    return broken


def outside(folder: Path) -> set[str]:
    """Addresses of other machines to which the site's own pages link or from which they load."""
    found = set()
    for path in folder.rglob("*.html"):
        if "_static" not in path.parts:
            page = BeautifulSoup(path.read_text(), "html.parser")
            for element in page.find_all(attrs={"src": True}) + page.find_all(href=True):
                address = element.get("src") or element.get("href")
                if urlsplit(address).scheme in ("http", "https"):
                    found.add(address)
    return found
