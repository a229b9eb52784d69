"""Rebuild the embedded data file from the IDX files: ``python -m tools.embed [FOLDER]``.

It holds the pair (1, 3): the first 1000 training images and all 1000 test images of each class, in
dataset order.
"""

from __future__ import annotations

import argparse
import hashlib
import io
from pathlib import Path
from typing import Any

import numpy as np

from ntk_helpers import data, idx


def build(root: str | Path | None = None) -> bytes:
    """Return the bytes of the embedded file, built from the IDX files in `root` (default: see
    `idx.find`)."""
    arrays: dict[str, Any] = {}
    for split, prefix in data.SPLITS.items():
        images, labels = data.select(*idx.read_split(prefix, root), 2000, data.EMBEDDED_CLASSES)
        arrays[f"{split}_images"], arrays[f"{split}_labels"] = images, labels.astype(np.uint8)
    content = io.BytesIO()
    np.savez_compressed(content, **arrays)
    return content.getvalue()


def main(argv: list[str] | None = None) -> None:
    """Write the file and print its size and SHA-256, which `data.EMBEDDED_SHA256` must repeat."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.embed", description=__doc__.splitlines()[0]
    )
    parser.add_argument(
        "folder", nargs="?", help="folder with the four IDX files (default: the system's copy)"
    )
    parser.add_argument(
        "--output", type=Path, default=Path(__file__).parent / "assets" / data.EMBEDDED_FILE
    )
    args = parser.parse_args(argv)
    content = build(args.folder)
    args.output.write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    print(f"{args.output}: {len(content):,} bytes, SHA-256 {digest}")
    if digest != data.EMBEDDED_SHA256:
        print("The digest is new: set EMBEDDED_SHA256 in ntk_helpers/data.py to it.")


if __name__ == "__main__":
    main()
