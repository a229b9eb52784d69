"""Pictures out of notebooks: files beside the pages instead of text within them, so that a page is
small, and a telephone loads a picture when it comes into view."""

from __future__ import annotations

import base64
import hashlib
import re
import struct
from pathlib import Path

EMBEDDED = re.compile(r'<img\b([^>]*?)src="data:image/png;base64,([A-Za-z0-9+/=\s]+)"([^>]*)>')
PNG = b"\x89PNG\r\n\x1a\n"


def taken_out(html: str, folder: Path, address: str) -> str:
    """An output's HTML with its embedded PNG pictures as files in `folder`, which a page finds at
    `address`. Raises ValueError when one is no PNG."""

    def file(match: re.Match[str]) -> str:
        before, data, after = match.groups()
        content = base64.b64decode(data)
        width, height = size(content)
        name = f"{hashlib.sha256(content).hexdigest()[:16]}.png"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
        # with its shape given, nothing on the page moves when it arrives
        shape = f'style="aspect-ratio: {width} / {height}"'
        if "width=" not in before + after:
            shape += f' width="{width}"'
        return f'<img{before}src="{address}/{name}"{after} {shape} loading="lazy">'

    return EMBEDDED.sub(file, html)


def size(content: bytes) -> tuple[int, int]:
    """Width and height (pixels) of a PNG picture. Raises ValueError."""
    if content[:8] != PNG or len(content) < 24:
        raise ValueError("an output holds a picture that is no PNG")
    width, height = struct.unpack(">II", content[16:24])
    return width, height
