"""All ways in which a file can be read, so that what must not be in it is found however it is
written: in archives, escaped, in attributes and comments, in pieces, compressed, in a picture's
remarks."""

from __future__ import annotations

import base64
import html
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from bs4 import BeautifulSoup

ARCHIVES = {".zip", ".whl", ".npz"}
TEXTS = {"", ".css", ".html", ".ipynb", ".js", ".json", ".map", ".md", ".mo", ".po", ".py", ".svg"}
TEXTS |= {".txt", ".yml"}
OTHERS = {".png", ".inv", ".woff", ".woff2", ".ttf", ".ico", ".npy"}
ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2}))")
BASE64 = re.compile(r"[A-Za-z0-9+/]{32,}={0,2}")
CHUNKS = (b"tEXt", b"zTXt", b"iTXt", b"eXIf")


def readings(name: str, content: bytes) -> Iterator[tuple[str, str]]:
    """(name and way of reading, text), at least one. Raises ValueError for a kind of file that
    nobody can look into."""
    suffix = Path(name).suffix
    if suffix in ARCHIVES:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.namelist():
                yield from readings(f"{name}/{member}", archive.read(member))
        return
    if suffix not in TEXTS | OTHERS:
        raise ValueError(f"{name}: of a kind that is not searched")
    text = content.decode(errors="replace")
    yield name, text
    if suffix == ".inv":
        yield f"{name} inflated", zlib.decompress(content.split(b"\n", 4)[4]).decode()
    if suffix == ".png":
        yield f"{name} remarks", _remarks(content)
    if suffix in TEXTS:
        yield f"{name} unescaped", _unescaped(text)
        yield f"{name} from base64", "\n".join(_decoded(text))
    if b"\0" in content:
        yield f"{name} as UTF-16", content.replace(b"\0", b"").decode(errors="replace")
    if suffix == ".html":  # code is in pieces there, a span a word
        yield f"{name} as it is read", BeautifulSoup(text, "html.parser").get_text()


def _unescaped(text: str) -> str:
    """What scripts, JSON, HTML and addresses have to escape."""
    plain = ESCAPE.sub(lambda code: chr(int(code[1] or code[2], 16)), text)
    plain = plain.replace("\\n", "\n").replace("\\t", "\t").replace('\\"', '"')
    return unquote(html.unescape(plain))


def _decoded(text: str) -> Iterator[str]:
    for match in BASE64.finditer(text):
        whole = match[0].rstrip("=")
        for start in range(4):  # it may stand behind letters of something else
            part = whole[start:]
            part = part[:-1] if len(part) % 4 == 1 else part
            try:
                yield base64.b64decode(part + "=" * (-len(part) % 4)).decode()
            except UnicodeDecodeError:
                continue  # no text


def _remarks(content: bytes) -> str:
    """Texts that a PNG carries beside its picture, and whatever stands behind its end."""
    found, at = [], 8
    while at + 8 <= len(content):
        length, kind = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8]
        data = content[at + 8 : at + 8 + length]
        if kind in CHUNKS:
            found.append(data)
            for start in range(len(data) - 1):
                if data[start : start + 1] == b"\x78":
                    try:
                        found.append(zlib.decompress(data[start:]))
                    except zlib.error:
                        continue
        at += length + 12
        if kind == b"IEND":
            found.append(content[at:])
            break
    return b"\n".join(found).decode(errors="replace")
