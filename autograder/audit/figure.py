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
    from matplotlib.figure import SubFigure

THREADS = ((1, "o", "#0072B2", "one thread"), (2, "x", "#D55E00", "two threads"))


def draw(audit: Audit, path: Path) -> None:
    """Write the figure; nothing when no network was trained. An exercise below the other, one row an
    answer, one dot a training."""
    trained = [e for e in audit.exercises if e.chance.measures]
    if not trained:
        return
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    rows = [len(_names(exercise)) for exercise in trained]
    heights = [1.6 + 0.32 * n for n in rows]
    figure = Figure(figsize=(11, sum(heights)), layout="constrained")
    parts = figure.subfigures(len(trained), 1, height_ratios=heights, squeeze=False)[:, 0]
    for exercise, part in zip(trained, parts, strict=True):
        _exercise(exercise, part)
    path.parent.mkdir(parents=True, exist_ok=True)
    svg = path.suffix == ".svg"
    with rc_context({"svg.hashsalt": "audit"}):  # the same trainings draw the same file
        figure.savefig(path, dpi=150, metadata={"Date": None} if svg else None)


def _names(exercise: Exercise) -> list[str]:
    return sorted({m["answer"] for m in exercise.chance.measures})


def _exercise(exercise: Exercise, figure: SubFigure) -> None:
    panels: Sequence[Panel] = getattr(exercise.battery, "PANELS", ())
    names = _names(exercise)
    axes = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
    for axis, panel in zip(axes, panels, strict=True):
        _panel(axis, exercise, names, panel)
    axes[0].set_yticks(range(len(names)), names)
    axes[0].invert_yaxis()
    axes[-1].legend(loc="upper left", bbox_to_anchor=(1.02, 1), frameon=False, fontsize=8)
    figure.suptitle(
        f"{exercise.id}: {len(exercise.chance.measures)} trainings of right answers, each from other "
        "random numbers; dashed: the hidden test's threshold",
        fontsize=10,
    )


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
