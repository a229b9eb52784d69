"""What may lie in place of a time of handing in."""

from __future__ import annotations

from pathlib import Path

# text, bytes, or what to make under the name
BAD: dict[str, object] = {
    "words": "yesterday evening, I think",
    "part-of-a-date": "5",
    "month-and-day": "28 November",
    "no-such-day": "2030-02-31 12:00:00 UTC",
    "binary": bytes(range(256)),
    "not-utf-8": b"\xff\xfe2\x000\x003\x000\x00",
    "digits": "1" * 100_000,
    "many-digits": "9" * 60,
    "empty": "",
    "blank": " \n\t\n",
    "folder": Path.mkdir,
    "link": lambda path: path.symlink_to("/etc/hostname"),
    "loop": lambda path: path.symlink_to(path),
}


def put(folder: Path, what: object) -> Path:
    """Put it there as timestamp.txt."""
    path = folder / "timestamp.txt"
    if isinstance(what, str):
        path.write_text(what)
    elif isinstance(what, bytes):
        path.write_bytes(what)
    else:
        what(path)  # type: ignore[operator]
    return path
