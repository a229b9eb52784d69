"""Whole Fashion-MNIST from its four IDX files: where they may lie, how to read them, how to
download them."""

from __future__ import annotations

import gzip
import os
import zlib
from pathlib import Path

import numpy as np

# the package dataset-fashion-mnist installs them here
DEBIAN = Path("/usr/share/datasets/fashion-mnist")
Folder = str | Path | None
IMAGES, LABELS = "{}-images-idx3-ubyte", "{}-labels-idx1-ubyte"


def default_root() -> Path:
    """Return the folder into which a download goes when neither `root` nor NTK_DATA names one."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ntk-helpers"


def read_split(prefix: str, root: Folder = None) -> tuple[np.ndarray, np.ndarray]:
    """Return (images uint8 (N, 28, 28), labels uint8 (N,)) of a split, downloading the dataset if
    need be.

    prefix : "train" or "t10k", as in the files' names
    root : an existing folder to look in first, and to download into
    """
    if root is not None and not Path(root).is_dir():
        raise FileNotFoundError(
            f"the data folder {root} does not exist: create it or name another one"
        )
    images, labels = find(prefix, root) or _download(prefix, root)
    pixels, classes = read_idx(images), read_idx(labels)
    if pixels.ndim != 3 or classes.ndim != 1 or len(pixels) != len(classes):
        raise RuntimeError(f"{images} and {labels} do not fit together: fetch both again")
    return pixels, classes


def find(prefix: str, root: Folder = None) -> tuple[Path, Path] | None:
    """Return the paths (images, labels) of a split's two files, or None if no known folder holds
    both."""
    for folder in (root, DEBIAN, default_root()):
        for place in () if folder is None else (Path(folder), Path(folder, "FashionMNIST", "raw")):
            for end in ("", ".gz"):
                images, labels = (place / (n.format(prefix) + end) for n in (IMAGES, LABELS))
                if images.is_file() and labels.is_file():
                    return images, labels
    return None


def read_idx(path: str | Path) -> np.ndarray:
    """Return the uint8 array in an IDX file, gzipped or not.

    Format: two zero bytes, 8 (unsigned byte), the number of dimensions, each dimension as a
    big-endian uint32, then the bytes in C order.
    """
    path = Path(path)
    try:
        content = path.read_bytes()
        if path.suffix == ".gz":
            content = gzip.decompress(content)
        if content[:3] != b"\0\0\x08":
            raise ValueError("no IDX header")
        data = np.frombuffer(content, np.uint8)
        shape = np.frombuffer(content, ">u4", count=content[3], offset=4).tolist()
        return data[4 + 4 * len(shape) :].reshape(shape)
    except (OSError, EOFError, ValueError, IndexError, zlib.error) as error:
        raise RuntimeError(f"the data file {path} is damaged ({error}): fetch it again") from None


def _download(prefix: str, root: Folder) -> tuple[Path, Path]:
    """Let torchvision download the dataset (about 30 MB, with a progress bar) and return the
    split's two paths."""
    root = Path(root or default_root())
    try:
        from torchvision.datasets import FashionMNIST

        FashionMNIST(root, train=prefix == "train", download=True)
    except (ImportError, OSError, RuntimeError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise RuntimeError(
            f"Fashion-MNIST could not be downloaded into {root} ({reason}): "
            "put its IDX files in a folder and set NTK_DATA to it"
        ) from None
    found = find(prefix, root)
    if found is None:
        raise RuntimeError(f"the download into {root} is not whole: fetch it again")
    return found
