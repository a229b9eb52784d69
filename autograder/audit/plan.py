"""How large an audit is: the full one and the light one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    """The sizes of an audit. Mutants are drawn by their rank, so the same ones every time."""

    mutants: int | None = 100
    """At most so many of an exercise (None: all)."""
    slow: float = 0.6
    """An answer that takes longer to be marked (s) is slow,"""
    slow_mutants: int = 12
    """and so many of its mutants are tried;"""
    training_mutants: int = 20
    """so many of all answers to an exercise that trains, where each mutant costs a training."""
    seeds: int = 300
    """Seeds of the repetitions."""
    trainings: int = 100
    """The same where each costs a training. 0: such exercises have no mutants and no
    repetitions."""
    sandbox: bool = True
    """Whether hostile answers are marked in the sandbox too."""


FULL = Plan()
LIGHT = Plan(mutants=16, slow_mutants=2, seeds=12, trainings=0, sandbox=False)
