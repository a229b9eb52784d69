"""Is an answer right as far as anybody can tell? A large random battery, apart from the hidden
tests and wider than they.

An answer that a check accepts and that agrees with the reference here is called equivalent to a
right one. Sizes, scales, dtypes, default arguments and side effects are drawn here that no check
asks for; tolerances are what the exercise grants.
"""

from __future__ import annotations

from importlib import import_module

import numpy as np

from ...checks import module_of
from ...checks.ask import Missed
from ...door.student import ProbeError, Student
from .draw import Differs

ROOMS = {
    "mlp": "network",
    "train": "trainer",
    "predict": "labels",
    "interpolate": "images",
    "test_ntk_accuracy": "images",
    "ntk_kernel": "kernel",
    "gen_bound": "bound",
    "gradient_descent": "descent",
    "lazy_directions": "descent",
    "minimum_norm": "descent",
}


def disagreement(exercise: str, student: Student, seed: int) -> str | None:
    """What the answer does otherwise than the reference, in a few words; None when nothing was
    found."""
    if exercise in ROOMS:
        battery = getattr(import_module(f"{__name__}.{ROOMS[exercise]}"), exercise)
    else:  # a check that the course brings
        battery = getattr(module_of(exercise), "battery", None)
        if battery is None:
            return "the check has no battery that could call it equivalent"
    try:
        with np.errstate(all="ignore"):
            battery(student, np.random.default_rng([seed, len(exercise)]))
    except (Differs, Missed, ProbeError) as error:
        return str(error)
    return None
