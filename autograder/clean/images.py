"""Decides which pictures of a student may be shown: PNG, JPEG or GIF that are what they say, of a
sane size."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any

MIB = 1 << 20
MAX_PIXELS = 50_000_000  # a small file can hold a picture that fills a browser's memory
MAX_SIDE = 20_000
ATTACHMENTS_LIMIT = 2 * MIB
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,95}\.(?:png|jpe?g|gif)", re.IGNORECASE)
_START_OF_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def clean_image(mime: str, text: Any, limit: int = 4 * MIB) -> str | None:
    """The picture as canonical base64, or None: not base64, not of that type, over `limit`
    characters, too large."""
    if not isinstance(text, str) or len(text) > limit + limit // 32:  # 1/32: line ends
        return None
    try:
        data = base64.b64decode("".join(text.split()).encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        return None
    size = image_size(mime, data)
    if (
        size is None
        or not all(0 < side <= MAX_SIDE for side in size)
        or size[0] * size[1] > MAX_PIXELS
    ):
        return None
    made = base64.b64encode(data).decode("ascii")
    return made if len(made) <= limit else None


def image_size(mime: str, data: bytes) -> tuple[int, int] | None:
    """(width, height) in pixels from the head of a PNG, JPEG or GIF; None if `data` is not of that
    type."""
    if (
        mime == "image/png"
        and data[:8] == b"\x89PNG\r\n\x1a\n"
        and data[12:16] == b"IHDR"
        and len(data) > 32
    ):
        return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    if mime == "image/gif" and data[:6] in (b"GIF87a", b"GIF89a") and len(data) > 12:
        return int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")
    if mime == "image/jpeg" and data[:3] == b"\xff\xd8\xff":
        return _jpeg_size(data)
    return None


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    """Follow a JPEG's segments to its frame header (ITU-T T.81, B.2.2)."""
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:  # padding
            at += 1
        elif marker in _START_OF_FRAME:
            return int.from_bytes(data[at + 7 : at + 9], "big"), int.from_bytes(
                data[at + 5 : at + 7], "big"
            )
        else:
            length = int.from_bytes(data[at + 2 : at + 4], "big")
            if length < 2:
                return None
            at += 2 + length
    return None


def clean_attachments(
    attachments: Any, limit: int = ATTACHMENTS_LIMIT
) -> dict[str, dict[str, str]]:
    """A Markdown cell's attachments that are PNG, JPEG or GIF under a plain file name, up to
    `limit` characters.

    Each keeps one type. The rest is left out; never raises.
    """
    kept: dict[str, dict[str, str]] = {}
    if not isinstance(attachments, Mapping):
        return kept
    for name, bundle in attachments.items():
        if (
            not isinstance(name, str)
            or not _NAME.fullmatch(name)
            or not isinstance(bundle, Mapping)
        ):
            continue
        for mime in ("image/png", "image/jpeg", "image/gif"):
            picture = clean_image(mime, bundle.get(mime), limit)
            if picture is not None:
                kept[name] = {mime: picture}
                limit -= len(picture)
                break
    return kept
