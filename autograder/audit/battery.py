"""Is an answer right as far as anybody can tell? A large random battery, apart from the hidden
tests and wider than they.

An answer that a check accepts and that agrees with the reference here is called equivalent to a
right one. Sizes, scales, dtypes, default arguments and side effects are drawn here that no check
asks for; tolerances are what the exercise grants.
"""

from __future__ import annotations

from importlib import import_module

import numpy as np

from ..checks.ask import Missed
from ..checks.registry import EXERCISES, MODULES, module_of
from ..door.student import ProbeError, Student
from ..lab.draw import Differs


def disagreement(exercise: str, student: Student, seed: int) -> str | None:
    """What the answer does otherwise than the reference, in a few words; None when nothing was
    found."""
    if exercise in EXERCISES:
        battery = import_module(f"autograder.lab.{MODULES.get(exercise, exercise)}.battery").battery
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
