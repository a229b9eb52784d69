"""Does chance ever fail a right answer? Which repetitions are made, and what may be concluded from them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import comb

from .answers import TRAINS, Answer

FLOAT32_ONLY = {
    "mlp": "its images are float32",
    "interpolate": "its images are float32",
    "gradient_descent": "NumPy: torch's default does not matter",
    "lazy_directions": "NumPy: torch's default does not matter",
    "minimum_norm": "NumPy: torch's default does not matter",
}
FIXED_INPUTS = ("test_ntk_accuracy",)  # nothing in it is drawn: seeds take turns with settings
CHUNK = 25  # markings of one child
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Setting:
    threads: int
    dtype: str


@dataclass(frozen=True)
class Repetition:
    """Markings of one right answer in one setting, with these seeds."""

    answer: Answer
    setting: Setting
    seeds: tuple[int, ...]


def settings(exercise: str) -> list[Setting]:
    dtypes = ("float32",) if exercise in FLOAT32_ONLY else ("float32", "float64")
    return [Setting(threads, dtype) for dtype in dtypes for threads in (1, 2)]


def repetitions(exercise: str, rights: list[Answer], seeds: int, trainings: int) -> Iterator[Repetition]:
    """Every seed of range(seeds) in every setting, the right answers taking turns.

    Where an answer trains, or nothing is drawn, each of `trainings` (of `seeds`) gets one setting in turn.
    """
    ways = settings(exercise)
    chosen: dict[tuple[int, Setting], list[int]] = {}
    if exercise in TRAINS or exercise in FIXED_INPUTS:
        for seed in range(trainings if exercise in TRAINS else seeds):
            turn = seed // len(rights)
            chosen.setdefault((seed % len(rights), ways[turn % len(ways)]), []).append(seed)
    else:
        for seed in range(seeds):
            for turn, way in enumerate(ways):
                chosen.setdefault(((seed + turn) % len(rights), way), []).append(seed)
    chunk = 1 if exercise in TRAINS else CHUNK
    for (which, way), its in chosen.items():
        for i in range(0, len(its), chunk):
            yield Repetition(rights[which], way, tuple(its[i : i + chunk]))


def upper_bound(failures: int, trials: int) -> float:
    """The 95 % upper bound of a rate of which `failures` were seen in `trials`.

    3/n when none was seen (the rule of three: Hanley & Lippman-Hand 1983), else one-sided Clopper-Pearson (1934): the
    rate at which as few failures would come with a probability of 5 %.
    """
    if trials == 0 or failures >= trials:
        return 1.0
    if failures == 0:
        return min(1.0, 3 / trials)
    low, high = failures / trials, 1.0
    while high - low > 1e-9:
        middle = (low + high) / 2
        few = sum(comb(trials, k) * middle**k * (1 - middle) ** (trials - k) for k in range(failures + 1))
        low, high = (middle, high) if few > 1 - CONFIDENCE else (low, middle)
    return high
