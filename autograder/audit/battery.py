"""Is an answer right as far as anybody can tell? A large random battery, apart from the hidden
tests and wider than they.

An answer that a check accepts and that agrees with the reference here is called equivalent to a
right one. Sizes, scales, dtypes, default arguments and side effects are drawn here that no check
asks for; what the exercise grants is imported from its check.
"""

from __future__ import annotations

from types import ModuleType

import numpy as np

from ..checks.compare import Missed
from ..door.student import ProbeError, Student


def disagreement(
    battery: ModuleType | None, exercise: str, student: Student, seed: int
) -> str | None:
    """What the answer does otherwise than the reference, in a few words; None when nothing was
    found."""
    if battery is None:
        return "the check has no battery that could call it equivalent"
    try:
        with np.errstate(all="ignore"):
            battery.battery(student, np.random.default_rng([seed, len(exercise)]))
    except (Missed, ProbeError) as error:
        return str(error)
    return None
