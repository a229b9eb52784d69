"""What a criterion works with: its own random numbers, the student, and guarded readings of what
comes back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar
from zlib import crc32

import numpy as np

from ..door.student import Data, ProbeError, Student
from .compare import Missed, at_least, at_most, close, distance, equal, near, require

__all__ = [
    "Ask",
    "Call",
    "Missed",
    "array",
    "at_least",
    "at_most",
    "close",
    "distance",
    "equal",
    "near",
    "number",
    "require",
]

T = TypeVar("T")


@dataclass(frozen=True)
class Call:
    """One question that was put to the student, and the reply. notes: whatever a reader works out
    about it."""

    returns: tuple[str, ...]
    inputs: dict[str, Data]
    reply: dict[str, Data]
    notes: dict = field(default_factory=dict, compare=False, repr=False)


class Ask:
    """One criterion's view: `rng`, `run` and `once`. `memory` is shared by the criteria of one
    exercise.

    calls: whatever was asked for this criterion so far, answers that were remembered included.
    """

    def __init__(self, student: Student, seed: int, name: str, memory: dict):
        self.student, self.seed, self.memory = student, seed, memory
        self.rng = self.stream(name)
        self.calls: list[Call] = []

    def stream(self, name: str) -> np.random.Generator:
        """The generator of (seed, name), independent of every other name's."""
        return np.random.default_rng([abs(int(self.seed)), crc32(name.encode())])

    def run(self, probe: str, returns: Sequence[str], **inputs: Data) -> dict[str, Data]:
        """Ask the student. Raises a ProbeError."""
        reply = self.student.run(probe, returns=returns, **inputs)
        self.calls.append(Call(tuple(returns), inputs, reply))
        return reply

    def aside(self, probe: str, returns: Sequence[str], **inputs: Data) -> dict[str, Data]:
        """Ask something that no named mistake is to be recognised by. Raises a ProbeError."""
        return self.student.run(probe, returns=returns, **inputs)

    def once(self, key: str, make: Callable[[np.random.Generator], T]) -> T:
        """`make(generator)` at the first call with this key; afterwards the same result, or the
        same failure."""
        if key in self.memory:
            self.calls += self.memory[key][2]
        else:
            before, value, failure = len(self.calls), None, None
            try:
                value = make(self.stream(key))
            except (Missed, ProbeError) as error:
                failure = error
            self.memory[key] = (value, failure, self.calls[before:])
        value, failure, _ = self.memory[key]
        if failure is not None:
            raise failure
        return value


def array(value: Data, shape: tuple[int | None, ...] | None, what: str) -> np.ndarray:
    """What came back as a finite float64 array of this shape (None: any length). Raises Missed.

    Lists of numbers are taken as arrays. `what` names the thing in the sentence: "the kernel
    matrix".
    """
    found = _numbers(value, what)
    if shape is not None and not _fits(found.shape, shape):
        wanted = (
            "("
            + ", ".join("any" if n is None else str(n) for n in shape)
            + ("," if len(shape) == 1 else "")
            + ")"
        )
        raise Missed(
            f"{_capital(what)} should have the shape {wanted}; it has {tuple(found.shape)}."
        )
    require(
        np.isfinite(found).all(),
        f"{_capital(what)} holds values that are not finite (NaN or infinity).",
    )
    return found


def number(value: Data, what: str) -> np.float64:
    """What came back as one finite number; arrays of one element are taken as that element. Raises
    Missed."""
    found = _numbers(value, what)
    require(
        found.size == 1,
        f"{_capital(what)} should be one number; it has the shape {tuple(found.shape)}.",
    )
    # not a Python float, whose powers raise where NumPy's overflow
    one = np.float64(found.reshape(())[()])
    require(np.isfinite(one), f"{_capital(what)} is not a finite number.")
    return one


def _numbers(value: Data, what: str) -> np.ndarray:
    if value is None:
        raise Missed(f"{_capital(what)} is None: is there a return statement?")
    if isinstance(value, bool | str | Mapping) or (
        isinstance(value, np.ndarray) and value.dtype.kind not in "fiu"
    ):
        raise Missed(f"{_capital(what)} should hold numbers, not {_kind(value)}.")
    try:
        found = np.asarray(value)
        if found.dtype.kind not in "fiu":
            raise TypeError
        return found.astype(np.float64)
    except (TypeError, ValueError, OverflowError):
        raise Missed(f"{_capital(what)} should be numbers in a regular shape.") from None


def _kind(value: Data) -> str:
    if isinstance(value, np.ndarray):
        return "truth values" if value.dtype.kind == "b" else f"values of type {value.dtype}"
    return {bool: "a truth value", str: "text"}.get(type(value), "a table of names")


def _fits(found: tuple[int, ...], wanted: tuple[int | None, ...]) -> bool:
    return len(found) == len(wanted) and all(
        w is None or f == w for f, w in zip(found, wanted, strict=True)
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
