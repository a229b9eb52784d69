"""test_ntk_accuracy: kernel regression on images that its check never looks at."""

from __future__ import annotations

import numpy as np

from ...checks.ask import array
from ...checks.compare import Missed
from ...door.student import Student
from .. import reference
from ..images import left_aside
from .check import NEAR

KERNEL = """
import torch
rows = [torch.from_numpy(images.copy()).flatten(1).float().div_(255).sub_(0.5).div_(0.5) for images in (some, others)]
block = ntk_kernel(*rows)
"""  # noqa: E501  (a probe)
KERNEL_ACCURACY = 0.955  # on images that the check never looks at


def battery(student: Student, rng: np.random.Generator) -> None:
    """Kernel regression from 200 images left aside to the others of them."""
    images, rows, labels, _ = left_aside()
    some, others = np.split(rng.permutation(len(images)), [200])
    blocks = []
    # in parts: what depends on a row's number shows
    for these in (some, *np.array_split(others, 8)):
        back = student.run(KERNEL, returns=["block"], some=images[these], others=images[some])
        block = array(back["block"], (len(these), 200), "the kernel matrix")
        exact = reference.relu_ntk(rows[these], rows[some])
        if not np.linalg.norm(block - exact) <= NEAR * np.linalg.norm(exact):
            raise Missed("test_ntk_accuracy: the kernel is far from the reference on other images")
        blocks.append(block)
    blocks = [blocks[0], np.concatenate(blocks[1:])]
    try:
        trained, tested = (
            reference.nearest_label(reference.regression(blocks[0], b, labels[some]), 1, 3)
            for b in blocks
        )
    except np.linalg.LinAlgError:
        raise Missed("test_ntk_accuracy: the Gram matrix is singular") from None
    for name, right, least in (
        ("training", np.mean(trained == labels[some]), 1),
        ("other", np.mean(tested == labels[others]), KERNEL_ACCURACY),
    ):
        if right < least:
            raise Missed(f"test_ntk_accuracy: {100 * right:.1f} % of {name} images")
