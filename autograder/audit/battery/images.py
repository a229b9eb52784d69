"""The two exercises that are judged by what they achieve, on images that their checks never look
at: the 1800 training images of the pair that the lab leaves aside."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from ... import reference
from ...checks.ask import array
from ...door.student import Student
from .draw import Differs

WEIGHTS = """
import torch
parts = [getattr(getattr(getattr(lazy_net, side), layer), kind).detach().float()
         for side in ("net", "initial") for layer in ("l1", "lout") for kind in ("weight", "bias")]
p0, p1, p2, p3, p4, p5, p6, p7 = parts
kinds = [type(lazy_net).__name__, all(bool(torch.isfinite(p).all()) for p in parts)]
"""
KERNEL = """
import torch
rows = [torch.from_numpy(images.copy()).flatten(1).float().div_(255).sub_(0.5).div_(0.5) for images in (some, others)]
block = ntk_kernel(*rows)
"""
LOSS, ACCURACY, AGREEMENT, MOVED = 3e-3, 0.95, 0.96, 0.5
NEAR, KERNEL_ACCURACY = 0.065, 0.955


@lru_cache(maxsize=1)
def left_aside() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The 1800 training images that the lab leaves aside: uint8, rows, labels, and what kernel
    regression says."""
    from ntk_helpers.data import fashion_pair_arrays

    few = {image.tobytes() for image in fashion_pair_arrays(200, (1, 3))[0]}
    images, labels = fashion_pair_arrays(2000, (1, 3))
    new = np.array([image.tobytes() not in few for image in images])
    images, labels = images[new], labels[new]
    x, known, _, _ = reference.fashion()
    rows = reference.pixels(images)
    out = reference.regression(reference.relu_ntk(x, x), reference.relu_ntk(rows, x), known)
    return images, rows, labels, reference.nearest_label(out, 1, 3)


def lazy_weights(student: Student) -> list[tuple[np.ndarray, ...]]:
    """The weights (W, b, a, c) of lazy_net's trained network and of its beginning."""
    back = student.run(WEIGHTS, returns=[f"p{i}" for i in range(8)])
    parts = [array(back[f"p{i}"], None, "a weight") for i in range(8)]
    return [tuple(parts[:4]), tuple(parts[4:])]


def measures(student: Student, aside: bool = True) -> dict[str, float]:
    """loss on the lab's 200 images; accuracy and agreement on the 2000 test images and, if asked
    for, on those left aside; how far the first layer moved."""
    net, initial = lazy_weights(student)
    x, labels, test, truth = reference.fashion()
    found = {"moved": float(np.linalg.norm(net[0] - initial[0]) / np.linalg.norm(initial[0]))}

    def outputs(points: np.ndarray) -> np.ndarray:
        return (reference.forward(net, points) - reference.forward(initial, points))[:, 0]

    on_train = outputs(x)
    found["train"] = float(np.mean(reference.nearest_label(on_train, 1, 3) == labels))
    found["loss"] = float(np.mean((on_train - labels / 9) ** 2))
    sets = [("", test, truth, reference.kernel_predictions())]
    if aside:
        _, rows, known, kernel = left_aside()
        sets.append((" aside", rows, known, kernel))
    for name, points, known, kernel in sets:
        predicted = reference.nearest_label(outputs(points), 1, 3)
        found[f"test{name}"] = float(np.mean(predicted == known))
        found[f"agreement{name}"] = float(np.mean(predicted == kernel))
    return found


def interpolate(student: Student, rng: np.random.Generator) -> None:
    found = measures(student)
    for name, holds in (
        ("train", found["train"] == 1),
        ("loss", found["loss"] <= LOSS),
        ("test aside", found["test aside"] >= ACCURACY),
        ("agreement aside", found["agreement aside"] >= AGREEMENT),
        ("moved", 0 < found["moved"] <= MOVED),
    ):
        if not holds:
            raise Differs(f"interpolate, {name}: {found[name]:.3g}")


def test_ntk_accuracy(student: Student, rng: np.random.Generator) -> None:
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
            raise Differs("test_ntk_accuracy: the kernel is far from the reference on other images")
        blocks.append(block)
    blocks = [blocks[0], np.concatenate(blocks[1:])]
    try:
        trained, tested = (
            reference.nearest_label(reference.regression(blocks[0], b, labels[some]), 1, 3)
            for b in blocks
        )
    except np.linalg.LinAlgError:
        raise Differs("test_ntk_accuracy: the Gram matrix is singular") from None
    for name, right, least in (
        ("training", np.mean(trained == labels[some]), 1),
        ("other", np.mean(tested == labels[others]), KERNEL_ACCURACY),
    ):
        if right < least:
            raise Differs(f"test_ntk_accuracy: {100 * right:.1f} % of {name} images")
