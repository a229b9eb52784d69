"""What an audit found, as data, and whether it is good enough."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from types import ModuleType
from typing import Any

from ..checks.base import Check
from .answers import Answer
from .chance import upper_bound

KILLED_AT_LEAST = 0.99


@dataclass
class Marked:
    """One answer written by hand. `lost` names the criteria that were tried and did not hold, with
    their sentences.

    points, lost: in process. sandboxed: points in the sandbox (hostile answers), None when it was
    not marked there.
    """

    name: str
    title: str
    points: float
    max_points: float
    lost: dict[str, str]
    failure: str | None = None
    sandboxed: float | None = None
    incidents: list[str] = field(default_factory=list)


@dataclass
class Judged:
    """One mutant. differs: what the battery saw, None when it agrees with the reference there."""

    answer: str
    kind: str
    change: str
    source: str
    points: float
    max_points: float
    lost: list[str]
    failure: str | None
    differs: str | None
    reason: str | None = None

    @property
    def killed(self) -> bool:
        return self.points < self.max_points

    @property
    def equivalent(self) -> bool:
        return self.differs is None and self.failure is None


@dataclass
class Chance:
    """Right answers marked again. fails: the markings that lost points, each with its seed and
    setting."""

    trials: int = 0
    settings: list[str] = field(default_factory=list)
    seeds: int = 0
    fails: list[dict[str, Any]] = field(default_factory=list)
    measures: list[dict[str, Any]] = field(default_factory=list)

    @property
    def bound(self) -> float:
        return upper_bound(len(self.fails), self.trials)


@dataclass
class Exercise:
    """Everything about one exercise: its check, the module with its battery, its answers, and how
    they were marked.

    made: how many mutants there are, of which `mutants` were tried; seconds: what marking each
    answer takes (of the processor); stale: explanations that nothing needs.
    """

    check: Check = field(repr=False)
    battery: ModuleType | None = field(default=None, repr=False)
    answers: list[Answer] = field(default_factory=list, repr=False)
    right: list[Marked] = field(default_factory=list)
    wrong: list[Marked] = field(default_factory=list)
    hostile: list[Marked] = field(default_factory=list)
    mutants: list[Judged] = field(default_factory=list)
    made: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    chance: Chance = field(default_factory=Chance)
    stale: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def id(self) -> str:
        return self.check.exercise

    @property
    def criteria(self) -> dict[str, float]:
        """{name: points}"""
        return {rule.name: rule.points for rule in self.check.rules}

    def add(self, kind: str, marked: Marked) -> None:
        """Put an answer beside the others of its kind, in the order of their names."""
        answers = getattr(self, kind)
        answers.append(marked)
        answers.sort(key=lambda a: a.name)

    @property
    def accepted(self) -> int:
        return sum(a.points == a.max_points and not a.failure for a in self.right)

    @property
    def rejected(self) -> int:
        return sum(a.points < a.max_points for a in self.wrong)

    @property
    def killed(self) -> list[Judged]:
        return [m for m in self.mutants if m.killed and not m.equivalent]

    @property
    def equivalents(self) -> list[Judged]:
        """Mutants that are right answers as far as the battery can tell."""
        return [m for m in self.mutants if m.equivalent]

    @property
    def strict(self) -> list[Judged]:
        """Those of the equivalents that the check rejects all the same."""
        return [m for m in self.equivalents if m.killed]

    @property
    def survivors(self) -> list[Judged]:
        return [m for m in self.mutants if not m.killed and not m.equivalent]

    @property
    def kill_rate(self) -> float:
        wrong = len(self.killed) + len(self.survivors)
        return len(self.killed) / wrong if wrong else 1.0

    @property
    def gained(self) -> tuple[int, int]:
        """How many hostile answers gained a point: in process, in the sandbox."""
        return (
            sum(a.points > 0 for a in self.hostile),
            sum((a.sandboxed or 0) > 0 for a in self.hostile),
        )

    def caught(self) -> dict[str, dict[str, int]]:
        """{criterion: how many wrong answers and mutants it catches, and how many it alone
        does}."""
        counts = {
            name: {"wrong": 0, "wrong alone": 0, "mutants": 0, "mutants alone": 0}
            for name in self.criteria
        }
        for key, lost in [("wrong", list(a.lost)) for a in self.wrong] + [
            ("mutants", m.lost) for m in self.killed
        ]:
            for name in lost:
                counts[name][key] += 1
            if len(lost) == 1:
                counts[lost[0]][f"{key} alone"] += 1
        return counts

    def faults(self) -> list[str]:
        """Why this exercise's tests are not good enough, in words."""
        found = []
        if self.accepted < len(self.right):
            found.append(f"{len(self.right) - self.accepted} right answers rejected")
        if self.rejected < len(self.wrong):
            found.append(f"{len(self.wrong) - self.rejected} wrong answers accepted")
        if self.kill_rate < KILLED_AT_LEAST:
            found.append(f"only {100 * self.kill_rate:.1f} % of the mutants killed")
        unexplained = [m for m in self.survivors if m.reason is None]
        if unexplained:
            found.append(f"{len(unexplained)} survivors unexplained")
        if any(self.gained):
            found.append(f"hostile answers gained ({max(self.gained)})")
        if self.chance.fails:
            found.append(f"{len(self.chance.fails)} false fails")
        if self.stale:
            found.append(f"{len(self.stale)} explanations of survivors that there are not")
        return [f"{self.id}: {text}." for text in found]

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "right": [asdict(a) for a in self.right],
            "wrong": [asdict(a) for a in self.wrong],
            "hostile": [asdict(a) for a in self.hostile],
            "mutants": {
                "made": self.made,
                "tried": len(self.mutants),
                "killed": len(self.killed),
                "equivalent": len(self.equivalents),
                "equivalent_but_rejected": [asdict(m) for m in self.strict],
                "kinds": dict(Counter(m.kind for m in self.mutants)),
                "kill_rate": self.kill_rate,
                "survivors": [asdict(m) for m in self.survivors],
            },
            "criteria": self.caught(),
            "chance": asdict(self.chance) | {"upper_bound": self.chance.bound},
            "stale_explanations": self.stale,
            "notes": self.notes,
        }


@dataclass
class Audit:
    """The whole audit of one assignment, or of several."""

    assignment: str
    exercises: list[Exercise]
    seconds: float
    workers: int = 1
    cpu_seconds: float = 0.0

    def faults(self) -> list[str]:
        return [fault for exercise in self.exercises for fault in exercise.faults()]

    def to_json(self) -> dict[str, Any]:
        trials = sum(e.chance.trials for e in self.exercises)
        fails = sum(len(e.chance.fails) for e in self.exercises)
        return {
            "assignment": self.assignment,
            "ok": not self.faults(),
            "faults": self.faults(),
            "seconds": round(self.seconds, 1),
            "cpu_seconds": round(self.cpu_seconds, 1),
            "workers": self.workers,
            "false_fails": {
                "trials": trials,
                "fails": fails,
                "upper_bound": upper_bound(fails, trials),
            },
            "exercises": [exercise.to_json() for exercise in self.exercises],
        }
