"""The text of a file that may be in any encoding, or no text at all."""

from __future__ import annotations

import codecs

# Byte order marks; UTF-32's begin with those of UTF-16, so they come first.
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# How a file begins that is something else, and what to tell whoever waits for a notebook.
ELSE = (
    (b"%PDF", "a PDF: the notebook itself (.ipynb) is needed"),
    (b"\x89PNG", "a picture: the notebook itself (.ipynb) is needed"),
    (b"\xff\xd8\xff", "a picture: the notebook itself (.ipynb) is needed"),
    (b"Rar!", "a RAR archive, which is not opened: hand in the notebook or a .zip"),
    (b"7z\xbc\xaf", "a 7z archive, which is not opened: hand in the notebook or a .zip"),
    (b"\x1f\x8b", "a gzip archive, which is not opened: hand in the notebook or a .zip"),
    (b"\xd0\xcf\x11\xe0", "an office document: the notebook itself (.ipynb) is needed"),
    (b"SQLite format 3", "a database: the notebook itself (.ipynb) is needed"),
    (b"bplist", "a shortcut, without the notebook it points to"),
    (b"[InternetShortcut]", "a shortcut, without the notebook it points to"),
    (b"version https://git-lfs", "a pointer of Git LFS, without the notebook it stands for"),
    (b"BZh", "a bzip2 archive, which is not opened: hand in the notebook or a .zip"),
    (b"\xfd7zXZ", "an xz archive, which is not opened: hand in the notebook or a .zip"),
    (b"book\0\0\0\0mark", "an alias of macOS, without the file it points to"),
    (b"L\0\0\0\1\x14\2\0", "a shortcut of Windows, without the file it points to"),
    (b"[Desktop Entry]", "a shortcut, without the file it points to"),
    (b"{\\rtf", "an RTF text: the notebook itself (.ipynb) is needed"),
)
# The bytes that have no meaning in Windows-1252, as question marks.
UNDEFINED = bytes(b"?"[0] if b in b"\x81\x8d\x8f\x90\x9d" else b for b in range(256))
PAGES = ("<!doctype html", "<html", "<?xml", "<head", "<body")


class Unreadable(Exception):
    """A file is no notebook and no text; `str(error)` says what it is."""


def decode(data: bytes) -> tuple[str, str | None]:
    """The text of `data`, and its encoding where that is not UTF-8. Raises Unreadable.

    What is no Unicode is read as Windows-1252: every byte of a code cell is the same in it, only
    accents may be wrong.
    """
    if not data.strip(b"\0 \t\r\n"):
        raise Unreadable("an empty file" if not data else "a file of blanks or zeros")
    for start, what in ELSE:
        if data.startswith(start):
            raise Unreadable(what)
    if data[257:262] == b"ustar":
        raise Unreadable("a tar archive, which is not opened: hand in the notebook or a .zip")
    text, encoding = _text(data)
    if text.lstrip()[:200].lower().startswith(PAGES):
        raise Unreadable("a web page saved in place of the notebook: the .ipynb itself is needed")
    return text, encoding


def _text(data: bytes) -> tuple[str, str | None]:
    for mark, encoding in MARKS:
        if data.startswith(mark):
            text = _decoded(data[len(mark) :], encoding)
            return text, None if encoding == "utf-8" else encoding
    if b"\0" in data[:64]:  # JSON begins with ASCII: its zeros show the order of the bytes
        zeros = [i % 2 for i, byte in enumerate(data[:64]) if not byte]
        encoding = "utf-16-be" if zeros.count(0) > zeros.count(1) else "utf-16-le"
        text = _decoded(data, encoding)
        if "\0" in text[:64] or "\ufffd" in text[:64]:
            raise Unreadable("no text: the notebook itself (.ipynb) is needed")
        return text, encoding
    try:
        return data.decode(), None
    except UnicodeDecodeError:
        return data.translate(UNDEFINED).decode("cp1252"), "Windows-1252"


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        if len(data) > 2**20:  # a call for each wrong sign
            raise Unreadable(f"damaged {encoding}") from None
        return data.decode(encoding, "replace")
