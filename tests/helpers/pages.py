"""The course's pages, made once for a run of the tests, and what can be said of a built site
without a browser."""

from __future__ import annotations

import fcntl
import functools
import http.server
import re
import subprocess
import sys
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

from bs4 import BeautifulSoup

from tests.conftest import BWRAP, ROOT
from tests.helpers.readings import readings


def make_site(shared: Path, audience: str = "students", *options: str) -> Path:
    """The folder of a site, made without a network. `shared`: a folder of this run of the tests."""
    folder = shared / f"site for {audience}"  # paths have spaces in them
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


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a folder's files on loopback."""
    handler = functools.partial(_Quiet, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def typeset(page) -> None:
    """Wait until the formulas of a page in a browser are set."""
    if page.locator(".math").count():
        page.wait_for_function("window.MathJax && MathJax.startup && MathJax.startup.promise")
        page.evaluate("MathJax.startup.promise.then(() => true)")


def findings(
    folder: Path, lines: Iterable[str], words: Iterable[str], without: tuple[str, ...] = ()
) -> list[str]:
    """Which of these lines (spaces do not matter) and words stand anywhere in a site, and which
    files cannot be searched. `without`: folders at its top that are left out."""
    wanted = {squeezed(line): line for line in lines}
    standing = finder(list(wanted))
    found = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        place = path.relative_to(folder)
        if place.parts[0] in without:
            continue
        seen = set()
        try:
            for name, text in readings(str(place), path.read_bytes()):
                flat = squeezed(text)
                if flat in seen:
                    continue
                seen.add(flat)
                found += [f"{name}: {wanted[short]}" for short in standing(flat)]
                found += [f"{name}: {word}" for word in words if re.search(word, text)]
        except ValueError as error:
            found.append(str(error))
    return found


def finder(lines: list[str]) -> Callable[[str], list[str]]:
    """A function that says which of these lines stand in a text. (To look for each in turn, for
    thousands of lines in all files of a site, takes many times as long.)"""
    # a text cut into pieces of this length: each line that stands in it holds a whole piece
    size = (min(map(len, lines), default=1) + 1) // 2
    holders = defaultdict(set)
    for line in lines:
        for at in range(len(line) - size + 1):
            holders[line[at : at + size]].add(line)

    def standing(text: str) -> list[str]:
        pieces = (text[at : at + size] for at in range(0, len(text), size))
        possible = set().union(*(holders[piece] for piece in pieces if piece in holders))
        return [line for line in lines if line in possible and line in text]

    return standing


def squeezed(text: str) -> str:
    return "".join(text.split())


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
