"""Trainings against their thresholds: what is measured over many seeds, and how far that is from
failing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..checks.measures import Panel
from .outcome import Audit, Exercise

if TYPE_CHECKING:
    from matplotlib.axes import Axes

THREADS = ((1, "o", "#0072B2", "one thread"), (2, "x", "#D55E00", "two threads"))


def draw(audit: Audit, path: Path) -> None:
    """Write a figure for each exercise that trains a network, beside `path`: its name with the
    exercise's after it. One row an answer, one dot a training."""
    path.parent.mkdir(parents=True, exist_ok=True)
    for exercise in audit.exercises:
        if exercise.chance.measures:
            _draw(exercise, path.with_stem(f"{path.stem}-{exercise.id}"))


def _draw(exercise: Exercise, path: Path) -> None:
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    panels: Sequence[Panel] = getattr(exercise.battery, "PANELS", ())
    names = sorted({m["answer"] for m in exercise.chance.measures})
    figure = Figure(figsize=(11, 1.6 + 0.32 * len(names)), layout="constrained")
    axes = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
    for axis, panel in zip(axes, panels, strict=True):
        _panel(axis, exercise, names, panel)
    axes[0].set_yticks(range(len(names)), names)
    axes[0].invert_yaxis()
    axes[-1].legend(loc="upper left", bbox_to_anchor=(1.02, 1), frameon=False, fontsize=8)
    figure.suptitle(
        f"{len(exercise.chance.measures)} trainings of right answers, each from other random "
        "numbers; dashed: the hidden test's threshold",
        fontsize=10,
    )
    svg = path.suffix == ".svg"
    with rc_context({"svg.hashsalt": "audit"}):  # the same trainings draw the same file
        figure.savefig(path, dpi=150, metadata={"Date": None} if svg else None)


def _panel(axis: Axes, exercise: Exercise, names: list[str], panel: Panel) -> None:
    from matplotlib.ticker import NullFormatter

    for row, name in enumerate(names):
        found = [m for m in exercise.chance.measures if m["answer"] == name]
        for threads, marker, colour, label in THREADS:
            values = [m[panel.key] for m in found if m["threads"] == threads]
            style: dict[str, Any] = {"color": colour, "alpha": 0.6, "markersize": 5}
            axis.plot(
                values,
                [row] * len(values),
                marker,
                label=None if row else label,
                linestyle="",
                **style,
            )
    axis.axvline(panel.threshold, color="black", linestyle="--")
    axis.grid(axis="x", alpha=0.3)
    axis.set_title(panel.title, fontsize=10)
    axis.set_xscale(panel.scale)
    if panel.ticks:
        axis.xaxis.set_minor_formatter(NullFormatter())
        axis.set_xticks(*zip(*panel.ticks.items(), strict=True))
