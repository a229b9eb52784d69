"""How a named mistake is told from the right answer and from other mistakes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

Values = dict[str, np.ndarray]
# the right answer is this many times farther from what came back than the mistake is
CLEARLY = 10.0


class Call(Protocol):
    """One question that was put to a student, and the reply (`autograder.checks.ask.Call`)."""

    @property
    def returns(self) -> tuple[str, ...]: ...

    @property
    def inputs(self) -> Mapping[str, Any]: ...

    @property
    def reply(self) -> Mapping[str, Any]: ...

    # what is worked out about it, so that it is worked out once
    @property
    def notes(self) -> dict: ...


@dataclass(frozen=True)
class Mistake:
    """A mistake. Several may share a slug: one mistake in several sizes (a ridge of 1e-3, of 1e-6).

    slug: its name in a result. line: for the instructor's report. hint: for the student; it speaks
    to the mistake and gives no solution. answer: what such an answer returns to a call, in the form
    of `Catalogue.read`; None where it says nothing; True or False where nothing can be computed,
    but the reply bears the mistake's mark or does not.
    """

    slug: str
    line: str
    hint: str
    answer: Callable[[Call], Values | bool | None]


def numbers(call: Call) -> Values:
    """The replies of a call that are numbers in a regular shape, as float64."""
    found = {}
    for name, value in call.reply.items():
        if isinstance(value, list | int | float | np.ndarray) and not isinstance(value, bool):
            try:
                array = np.asarray(value)
            except ValueError:  # ragged
                continue
            if array.dtype.kind in "fiub":
                found[name] = array.astype(np.float64)
    return found


def deviation(found: np.ndarray, claimed: np.ndarray) -> float:
    """The largest deviation relative to the largest claimed entry; infinite for another shape.

    NaN equals NaN, as long as there is something else: nothing but NaN may come from anywhere.
    """
    claimed = np.asarray(claimed, dtype=np.float64)
    if found.shape != claimed.shape:
        return np.inf
    known = ~np.isnan(claimed)
    if not np.array_equal(known, ~np.isnan(found)) or not known.any():
        return np.inf
    scale = np.max(np.abs(claimed[known])) or 1.0
    return float(np.max(np.abs(found[known] - claimed[known])) / scale)


def _tried(look: Callable[[Call], Any], call: Call) -> Any:
    """`look(call)`. A reply is anything at all: False where it is too strange to be looked at."""
    try:
        return look(call)
    except (ArithmeticError, LookupError, TypeError, ValueError):
        return False


@dataclass(frozen=True)
class Catalogue:
    """The mistakes of one exercise.

    right: what a right answer returns to a call (as `Mistake.answer`). read: the replies of a
    call in the form in which they are compared. tolerance: how near is the same (see `deviation`),
    for all or for each name.
    """

    mistakes: tuple[Mistake, ...]
    right: Callable[[Call], Values | None]
    read: Callable[[Call], Values] = numbers
    tolerance: float | Mapping[str, float] = 1e-6

    def recognise(self, lost: Sequence[Sequence[Call]]) -> list[Mistake | None]:
        """For each lost criterion the mistake behind it; `lost` holds what was asked for each."""
        with np.errstate(all="ignore"):
            fits = [self._fitting(calls) for calls in lost]
        found: list[Mistake | None] = [None] * len(lost)
        while True:
            open_ = [i for i, mistakes in enumerate(fits) if mistakes and found[i] is None]
            if not open_:
                return found
            counts = [sum(mistake.slug in fits[i] for i in open_) for mistake in self.mistakes]
            best = self.mistakes[counts.index(max(counts))].slug
            for i in open_:
                found[i] = fits[i].get(best)

    def _fitting(self, calls: Sequence[Call]) -> dict[str, Mistake]:
        """Every mistake that agrees with all replies, by slug."""
        told = [(call, _tried(self.read, call) or {}, self.right(call) or {}) for call in calls]
        fitting: dict[str, Mistake] = {}
        for mistake in self.mistakes:
            if mistake.slug not in fitting and self._agrees(mistake, told):
                fitting[mistake.slug] = mistake
        return fitting

    def _claim(self, mistake: Mistake, call: Call) -> Values | bool | None:
        """What such an answer returns, worked out once for all criteria that look at this call."""
        if mistake not in call.notes:
            call.notes[mistake] = _tried(mistake.answer, call)
        return call.notes[mistake]

    def _agrees(self, mistake: Mistake, told: Sequence[tuple[Call, Values, Values]]) -> bool:
        """Whether no reply speaks against the mistake, and at least one for it and against the
        right answer."""
        telling = False
        for call, found, right in told:
            claimed = self._claim(mistake, call)
            if claimed is None:
                continue
            if isinstance(claimed, bool | np.bool_):
                if not claimed:
                    return False
                telling = True
                continue
            for name, value in claimed.items():
                if name not in found:
                    return False
                tolerance = (
                    self.tolerance if isinstance(self.tolerance, float) else self.tolerance[name]
                )
                far = deviation(found[name], value)
                if not far <= tolerance:
                    return False
                if name in right and deviation(found[name], right[name]) > max(
                    tolerance, CLEARLY * far
                ):
                    telling = True
        return telling

    def describe(self, slug: str) -> str:
        """One short line about a mistake, for the instructor's report. A slug of an older version
        stands for itself."""
        return next((m.line for m in self.mistakes if m.slug == slug), slug)


NONE = Catalogue((), lambda call: None)
