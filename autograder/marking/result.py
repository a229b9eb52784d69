"""The outcome of marking a submission, as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from nbformat import NotebookNode

from ..checks.verdict import Verdict


class Status(StrEnum):
    """How the marking of a submission ended. Its values are those of the JSON."""

    GRADED = "graded"
    REVIEW = "review"
    """Marked as far as possible; a person must look before the marks count."""
    INFRASTRUCTURE_ERROR = "infrastructure-error"


@dataclass(frozen=True)
class ExerciseResult:
    """Marks of one exercise. A free-text answer has `manual` set and no verdict: a person marks
    it."""

    id: str
    max_points: float
    verdict: Verdict | None = None

    @property
    def manual(self) -> bool:
        return self.verdict is None

    @property
    def points(self) -> float:
        return self.verdict.points if self.verdict else 0.0

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "points": self.points,
            "max_points": self.max_points,
            "manual": self.manual,
            "criteria": self.verdict.to_json() if self.verdict else [],
        }


@dataclass
class NotebookResult:
    """One marked notebook: marks, incidents for the instructor, those of them that a person must
    look at (`review`), where the time went (s), the executed notebook."""

    name: str
    seed: int
    exercises: list[ExerciseResult] = field(default_factory=list)
    incidents: list[str] = field(default_factory=list)
    review: list[str] = field(default_factory=list)
    timings: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0
    notebook: NotebookNode | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "seconds": round(self.seconds, 3),
            "seed": self.seed,
            "timings": {key: round(value, 3) for key, value in self.timings.items()},
            "exercises": [exercise.to_json() for exercise in self.exercises],
        }


@dataclass
class Result:
    """One marked submission (the JSON of `ntk score`). Its own incidents and `review` are about
    the submission as a whole, besides those of its notebooks."""

    assignment: str
    status: Status
    max_points: float
    notebooks: list[NotebookResult] = field(default_factory=list)
    incidents: list[str] = field(default_factory=list)
    seconds: float = 0.0
    review: list[str] = field(default_factory=list)

    @property
    def reasons(self) -> list[str]:
        """Everything that a person must look at, in sentences."""
        own = [f"{n.name}: {text}" for n in self.notebooks for text in n.review]
        return list(dict.fromkeys(self.review + own))

    @property
    def points(self) -> float:
        return float(sum(e.points for n in self.notebooks for e in n.exercises))

    def to_json(self) -> dict[str, Any]:
        return {
            "assignment": self.assignment,
            "status": self.status,
            "points": self.points,
            "max_points": self.max_points,
            "seconds": round(self.seconds, 3),
            "incidents": self.incidents
            + [f"{n.name}: {text}" for n in self.notebooks for text in n.incidents],
            "review": self.reasons,
            "notebooks": [notebook.to_json() for notebook in self.notebooks],
        }
