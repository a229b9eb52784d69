"""What is measured of trained answers over many trainings, for a figure of the audit."""

from __future__ import annotations

from typing import NamedTuple


class Panel(NamedTuple):
    """One measure: its key in what a battery's `measures(student)` returns, the threshold of the
    hidden tests, and how its axis is drawn (ticks: {place: label})."""

    key: str
    title: str
    threshold: float
    scale: str = "linear"
    ticks: dict[float, str] | None = None
