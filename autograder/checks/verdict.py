"""What a check says of an answer: criteria passed, points, one sentence each."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from . import verdict_table

MISTAKE = "misconception"  # the key in JSON


@dataclass(frozen=True)
class Picture:
    """A PNG and the sentence that stands for it where it cannot be seen."""

    png: bytes
    alt: str


@dataclass(frozen=True)
class Criterion:
    """One line of a verdict. `points` is what was earned out of `max_points`; `message` speaks to
    the student.

    mistake: the slug of the named mistake that the answer behaves like
    (`autograder.checks.mistakes`), if any.
    """

    name: str
    passed: bool
    points: float
    max_points: float
    message: str
    picture: Picture | None = None
    mistake: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Everything but the picture, which lives in the executed notebook only."""
        told = {
            name: getattr(self, name)
            for name in ("name", "passed", "points", "max_points", "message")
        }
        return told | ({MISTAKE: self.mistake} if self.mistake else {})

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Criterion:
        facts = dict(told)
        return cls(mistake=facts.pop(MISTAKE, None), **facts)


@dataclass(frozen=True)
class Verdict:
    """The outcome of one exercise's hidden tests. Shown as a small table
    (`autograder.checks.verdict_table`)."""

    exercise: str
    criteria: tuple[Criterion, ...]
    seed: int | None = None

    @property
    def points(self) -> float:
        return float(sum(c.points for c in self.criteria))

    @property
    def max_points(self) -> float:
        return float(sum(c.max_points for c in self.criteria))

    def to_json(self) -> list[dict[str, Any]]:
        return [c.to_json() for c in self.criteria]

    @classmethod
    def from_json(
        cls, exercise: str, criteria: list[dict[str, Any]], seed: int | None = None
    ) -> Verdict:
        return cls(exercise, tuple(Criterion.from_json(c) for c in criteria), seed)

    @property
    def _total(self) -> str:
        return f"{self.points:g} of {self.max_points:g} points"

    @property
    def _rows(self) -> list[verdict_table.Row]:
        return [verdict_table.Row(c.name, c.passed, _score(c), c.message) for c in self.criteria]

    def __str__(self) -> str:
        return verdict_table.text(self.exercise, self._total, self._rows)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(str(self))

    def _repr_html_(self) -> str:
        return verdict_table.html(self.exercise, self._total, self._rows) + "".join(
            _image(c.picture) for c in self.criteria if c.picture
        )

    def mimebundle(self) -> dict[str, str]:
        """The outputs that a test cell shows, as a Jupyter MIME bundle."""
        return {"text/plain": str(self), "text/html": self._repr_html_()}


def _image(picture: Picture) -> str:
    data = base64.b64encode(picture.png).decode("ascii")
    return f'<p><img alt="{escape(picture.alt)}" src="data:image/png;base64,{data}"></p>'


def _score(c: Criterion) -> str:
    return f"{c.points:g}/{c.max_points:g}" if c.max_points else "–"
