"""The kernel's mistakes as they show on the lab's images. Their names and hints are those of
`ntk_kernel`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np

from ...checks.mistakes import Call, Catalogue, Mistake, Values, numbers
from ..ntk_kernel import mistakes as ntk_kernel
from ..ntk_kernel.pairs import in_units, pairs
from ..reference import pixels

IN_PLACE = "inputs-normalised-in-place"  # the images are made anew for each question


def as_kernel(call: Call) -> Any:
    """The same question and reply in the form of those of `ntk_kernel`."""
    if "as kernel" not in call.notes:
        x, other = (pixels(call.inputs[name]) for name in ("some", "others"))
        call.notes["as kernel"] = SimpleNamespace(
            returns=("k",),
            inputs={"x": x, "xprime": other},
            reply={"k": call.reply.get("block")},
            notes={},
        )
    return call.notes["as kernel"]


def translated(
    answer: Callable[[Call], Values | bool | None],
) -> Callable[[Call], Values | bool | None]:
    def on_images(call: Call) -> Values | bool | None:
        claimed = answer(as_kernel(call))
        return {"block": weighed(call, claimed["k"])} if isinstance(claimed, dict) else claimed

    return on_images


def weighed(call: Call, kernel: np.ndarray) -> np.ndarray:
    """The values of nearly equal inputs count for a third.

    In single precision a cosine of 784 products is off by up to 2e-6, in whichever order a
    processor sums them, and where it is near 1 the angle is off by the root of that.
    """
    weight = np.where(pairs(as_kernel(call)).u > 1 - 1e-4, 1 / 3, 1.0)
    for shaped in (weight, weight.T):
        if kernel.shape == shaped.shape:
            return kernel * shaped
    return kernel


def read(call: Call) -> Values:
    found = numbers(call)
    if "block" not in found:
        return {}
    return {"block": weighed(call, in_units(as_kernel(call), found["block"]))}


def _translate(mistake: Mistake) -> Mistake:
    return replace(mistake, answer=translated(mistake.answer))


def right(call: Call) -> Values | None:
    claimed = ntk_kernel.right(as_kernel(call))
    return {"block": weighed(call, claimed["k"])} if claimed else None


CATALOGUE = Catalogue(
    tuple(_translate(mistake) for mistake in ntk_kernel.MISTAKES if mistake.slug != IN_PLACE),
    right,
    read,
    tolerance=1.5e-3,
)
