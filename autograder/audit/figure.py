"""Trainings against their thresholds: what `interpolate` measures over many seeds, and how far that
is from failing."""

from __future__ import annotations

from pathlib import Path

from ..lab.interpolate import check as interpolate
from .outcome import Audit, Exercise

PANELS = (
    ("loss", "loss on the 200 training images", interpolate.LOSS, "log"),
    ("test", "accuracy on the test images", interpolate.TEST, "linear"),
    ("agreement", "agreement with kernel regression", interpolate.AGREEMENT, "linear"),
)
LOSS_TICKS = {1e-4: "1e-4", 3e-4: "3e-4", 1e-3: "1e-3", 3e-3: "3e-3"}
THREADS = ((1, "o", "#0072B2", "one thread"), (2, "x", "#D55E00", "two threads"))


def draw(audit: Audit, path: Path) -> None:
    """Write the figure; nothing when no network was trained. One row an answer, one dot a
    training."""
    trained = [e for e in audit.exercises if e.chance.measures]
    if not trained:
        return
    from matplotlib import rc_context
    from matplotlib.figure import Figure
    from matplotlib.ticker import NullFormatter

    (exercise,) = trained
    names = sorted({m["answer"] for m in exercise.chance.measures})
    figure = Figure(figsize=(11, 1.6 + 0.32 * len(names)), layout="constrained")
    axes = figure.subplots(1, len(PANELS), sharey=True)
    for axis, (key, title, threshold, scale) in zip(axes, PANELS, strict=True):
        _panel(axis, exercise, names, key, threshold)
        axis.set_title(title, fontsize=10)
        axis.set_xscale(scale)
    axes[0].xaxis.set_minor_formatter(NullFormatter())
    axes[0].set_xticks(*zip(*LOSS_TICKS.items(), strict=True))
    axes[0].set_yticks(range(len(names)), names)
    axes[0].invert_yaxis()
    axes[-1].legend(loc="upper left", bbox_to_anchor=(1.02, 1), frameon=False, fontsize=8)
    figure.suptitle(
        f"{len(exercise.chance.measures)} trainings of right answers, each from other random numbers; "
        "dashed: the hidden test's threshold",
        fontsize=10,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    svg = path.suffix == ".svg"
    with rc_context({"svg.hashsalt": "audit"}):  # the same trainings draw the same file
        figure.savefig(path, dpi=150, metadata={"Date": None} if svg else None)


def _panel(axis, exercise: Exercise, names: list[str], key: str, threshold: float) -> None:
    for row, name in enumerate(names):
        found = [m for m in exercise.chance.measures if m["answer"] == name]
        for threads, marker, colour, label in THREADS:
            values = [m[key] for m in found if m["threads"] == threads]
            style = {"color": colour, "alpha": 0.6, "markersize": 5, "linestyle": ""}
            axis.plot(values, [row] * len(values), marker, label=None if row else label, **style)
    axis.axvline(threshold, color="black", linestyle="--")
    axis.grid(axis="x", alpha=0.3)
