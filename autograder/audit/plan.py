"""How large an audit is: the full one and the light one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    """Sizes of an audit.

    mutants: at most so many of an exercise are tried, drawn by their rank (None: all);
    training_mutants: the same where each costs a training; slow_mutants: and of an answer that takes `slow` seconds to
    mark; seeds: of the repetitions; trainings: of the exercises that train; seeds_by_hand: with how many seeds an
    answer written by hand is marked; sandbox: whether hostile ones are marked in the sandbox as well.
    """

    mutants: int | None = 250
    training_mutants: int = 30
    slow_mutants: int = 12
    slow: float = 0.4
    seeds: int = 300
    trainings: int = 100
    seeds_by_hand: int = 2
    sandbox: bool = True
    training_answers: bool = True


FULL = Plan()
LIGHT = Plan(
    mutants=25,
    training_mutants=0,
    slow_mutants=2,
    seeds=12,
    trainings=0,
    sandbox=False,
    training_answers=False,
)
