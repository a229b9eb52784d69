"""Does chance ever fail a right answer? Which repetitions are made, and what may be concluded from
them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import comb

from ..checks.base import Check
from .answers import Answer

# of a right answer that is slow to mark, in each setting, beside what the others get
SLOW_SEEDS = 3
CHUNK = 25  # markings of one child
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Setting:
    threads: int
    dtype: str


@dataclass(frozen=True)
class Repetition:
    """Markings of one right answer, each with a seed and in a setting; of one setting those that
    follow each other."""

    answer: Answer
    markings: tuple[tuple[int, Setting], ...]


def settings(check: Check) -> list[Setting]:
    return [Setting(threads, dtype) for dtype in check.dtypes for threads in (1, 2)]


def repetitions(
    check: Check, rights: list[Answer], slow: list[Answer], seeds: int, trainings: int
) -> Iterator[Repetition]:
    """Every seed of range(seeds) in every setting, the right answers taking turns; the slow ones
    get a few besides.

    Where an answer trains, or seeds take turns, each of `trainings` (of `seeds`) gets one setting.
    """
    ways = settings(check)
    chosen: dict[Answer, list[tuple[int, Setting]]] = {answer: [] for answer in rights}
    if check.trains or check.in_turn:
        if check.trains:
            # a training gains nothing from a second thread, and takes its core
            ways = [ways[0]] * 4 + ways[1:]
        for seed in range(trainings if check.trains else seeds):
            chosen[rights[seed % len(rights)]].append((seed, ways[seed // len(rights) % len(ways)]))
    else:
        for turn, way in enumerate(ways):
            for seed in range(seeds):
                chosen[rights[(seed + turn) % len(rights)]].append((seed, way))
    for answer in slow:
        chosen[answer] = [(seed, way) for way in ways for seed in range(min(seeds, SLOW_SEEDS))]
    chunk = 1 if check.trains else CHUNK
    for answer, its in chosen.items():
        its.sort(key=lambda marking: ways.index(marking[1]))
        for i in range(0, len(its), chunk):
            yield Repetition(answer, tuple(its[i : i + chunk]))


def upper_bound(failures: int, trials: int) -> float:
    """The 95 % upper bound of a rate of which `failures` were seen in `trials`.

    3/n when none was seen (the rule of three: Hanley & Lippman-Hand 1983), else one-sided
    Clopper-Pearson (1934): the rate at which as few failures would come with a probability of 5 %.
    """
    if trials == 0 or failures >= trials:
        return 1.0
    if failures == 0:
        return min(1.0, 3 / trials)
    low, high = failures / trials, 1.0
    while high - low > 1e-9:
        middle = (low + high) / 2
        few = sum(
            comb(trials, k) * middle**k * (1 - middle) ** (trials - k) for k in range(failures + 1)
        )
        low, high = (middle, high) if few > 1 - CONFIDENCE else (low, middle)
    return high
