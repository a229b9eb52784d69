"""Two classes of Fashion-MNIST as arrays or tensors: the pair (1, 3) is embedded, the others are
read from IDX files.

The selection is the lab's: the first n/2 images of each class, kept in dataset order.
"""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from operator import index
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from torch import Tensor
    from torch.utils.data import DataLoader

    from ntk_helpers.idx import Folder

CLASSES = (
    "T-shirt/Top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle Boot",
)
SPLITS = {"train": "train", "test": "t10k"}  # our name → the IDX files' prefix
IMAGES_PER_CLASS = {"train": 6000, "test": 1000}

EMBEDDED_CLASSES = (1, 3)
EMBEDDED_FILE = "fashion-1-3.npz"
EMBEDDED_SHA256 = "6f46030bc628064c83480ad95a59650d393f5aa537fb21cdb675a9901230eb87"


def fashion_pair(
    n: int = 200,
    classes: Sequence[int] = (1, 3),
    split: str = "train",
    root: Folder = None,
) -> tuple[Tensor, Tensor]:
    """Return n images of two classes as torch tensors, ready for a network.

    Arguments are those of `fashion_pair_arrays`.

    Returns:
        images, float32 (n, 1, 28, 28), pixels in [-1, 1]: value / 127.5 - 1 up to rounding; labels,
        int64 (n,), each one of the two classes.
    """
    import torch

    images, labels = fashion_pair_arrays(n, classes, split, root)
    # The same two roundings as torchvision's ToTensor + Normalize(0.5, 0.5), so results agree to
    # the last bit.
    pixels = torch.from_numpy(images).unsqueeze(1).float().div_(255).sub_(0.5).div_(0.5)
    return pixels, torch.from_numpy(labels)


def fashion_pair_arrays(
    n: int = 200,
    classes: Sequence[int] = (1, 3),
    split: str = "train",
    root: Folder = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Return n images of two classes as NumPy arrays; torch is not needed for it.

    Args:
        n: even number of images, n/2 of each class: the first ones of the dataset, kept in dataset
            order.
        classes: two different labels in 0..9 (see `CLASSES`); a set: (3, 1) selects the same images
            as (1, 3).
        split: "train" (6000 images a class) or "test" (1000 a class).
        root: a folder with the four IDX files (``*-ubyte`` or ``*-ubyte.gz``), or with
            torchvision's ``FashionMNIST/raw``. Without it the embedded pair (1, 3) is used as far
            as it reaches (2000 training and 2000 test images), then the folder named by the
            variable NTK_DATA, Debian's package dataset-fashion-mnist, and at last a download by
            torchvision.

    Returns:
        images, uint8 (n, 28, 28), and labels, int64 (n,).

    Raises:
        ValueError: the request is impossible.
        FileNotFoundError: the folder is not there.
        RuntimeError: a file is damaged, or the download failed.
    """
    n, classes = _checked(n, classes, split)
    if root is None and classes == EMBEDDED_CLASSES and n <= 2000:
        images, labels = _embedded()[split]
    else:
        from ntk_helpers import idx

        images, labels = idx.read_split(SPLITS[split], root or os.environ.get("NTK_DATA") or None)
    return select(images, labels, n, classes)


def select(
    images: np.ndarray, labels: np.ndarray, n: int, classes: Sequence[int]
) -> tuple[np.ndarray, np.ndarray]:
    """Return the first n/2 images (and labels, int64) of each class, in the order in which they
    came."""
    found = [np.flatnonzero(labels == c) for c in classes]
    most = min(map(len, found))
    if n // 2 > most:
        raise ValueError(
            f"n = {n} is too large: there are {most} images of each class here; use n <= {2 * most}"
        )
    rows = np.sort(np.concatenate([at[: n // 2] for at in found]))
    return images[rows], labels[rows].astype(np.int64)


def loader(images: Tensor, labels: Tensor, batch_size: int = 32) -> DataLoader:
    """Return a DataLoader that goes through the tensors in their order, in batches of (images,
    labels).

    A batch is cut out at once, not image by image, so that loading costs little beside a training
    step (about a twentieth of it). The last batch may be smaller.
    """
    from ntk_helpers.batches import in_order

    return in_order(images, labels, batch_size)


def _checked(n: int, classes: Sequence[int], split: str) -> tuple[int, tuple[int, int]]:
    """Return n as an int and the classes as a sorted pair, or raise a ValueError that says what to
    change."""
    if split not in SPLITS:
        raise ValueError(f"unknown split {split!r}: use 'train' or 'test'")
    try:
        n = index(n)
    except TypeError:
        raise ValueError(f"n must be an even whole number, not {n!r}") from None
    most = IMAGES_PER_CLASS[split]
    if n > 2 * most:
        raise ValueError(
            f"n = {n} is too large: the {split} split has {most} images of each class, n <= "
            f"{2 * most}"
        )
    if n < 2 or n % 2:
        raise ValueError(
            f"n = {n} cannot be shared between two classes: use an even number, at least 2"
        )
    try:
        first, second = sorted(index(c) for c in classes)
    except (TypeError, ValueError):
        raise ValueError(f"classes must be two labels such as (1, 3), not {classes!r}") from None
    if not 0 <= first <= second < len(CLASSES):
        raise ValueError(f"unknown class in {classes!r}: labels go from 0 to {len(CLASSES) - 1}")
    if first == second:
        raise ValueError(f"the two classes are equal ({first}): choose two different ones")
    return n, (first, second)


@lru_cache(maxsize=1)
def _embedded() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Return {split: (images, labels)} of the embedded pair, after a check of the file's
    SHA-256."""
    try:
        content = files("ntk_helpers").joinpath("assets", EMBEDDED_FILE).read_bytes()
    except FileNotFoundError:
        raise FileNotFoundError(
            f"the data file {EMBEDDED_FILE} is missing: install ntk-helpers again"
        ) from None
    if hashlib.sha256(content).hexdigest() != EMBEDDED_SHA256:
        raise RuntimeError(
            f"the data file {EMBEDDED_FILE} is damaged (wrong SHA-256): install ntk-helpers again"
        )
    with np.load(io.BytesIO(content)) as arrays:
        return {split: (arrays[f"{split}_images"], arrays[f"{split}_labels"]) for split in SPLITS}
