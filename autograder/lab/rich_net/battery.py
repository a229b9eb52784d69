"""rich_net, by what the network achieves on points that its check never looks at."""

from __future__ import annotations

import numpy as np

from ...checks.ask import Ask
from ...checks.compare import Missed
from ...checks.measures import Panel
from ...door.student import Student
from .check import KERNEL, LOSS, MOVE, SHARE, SPREAD, TEST, answer, fresh_points
from .task import INSIDE, accuracy, own_kernel, share, train_points

PANELS = (
    Panel("loss", "loss, 200 points", LOSS, "log", {1e-9: "1e-9", 1e-6: "1e-6", 1e-3: "1e-3"}),
    Panel("test", "accuracy, fresh points", TEST),
    Panel("share", "share of two inputs", SHARE),
    Panel("kernel", "with its own kernel", KERNEL),
)


def measures(student: Student, seed: int = 0) -> dict[str, float]:
    """loss on the training points; accuracy on fresh ones, of the network and of regression with
    its own kernel; the share of the weights on the inputs that matter, before and after; how far
    the first layer moved; the spread of both layers at the start. Raises Missed."""
    pair = answer(Ask(student, seed, "measures", {}))
    x, y = train_points()
    points = fresh_points(np.random.default_rng([seed, 30]))
    return {
        "loss": float(np.mean((pair(x) - y) ** 2)),
        "test": accuracy(pair, *points),
        "share": share(pair),
        "kernel": own_kernel(pair, *points),
        "share before": share(pair, "initial"),
        "moved": pair.move,
        "last moved": float(np.linalg.norm(pair.net_a - pair.initial_a)),
        "spread": max(
            float(np.exp(abs(np.log(np.sqrt(np.mean(part**2))))))
            for part in (pair.initial_w, pair.initial_a)
        ),
    }


def battery(student: Student, rng: np.random.Generator) -> None:
    try:
        found = measures(student, int(rng.integers(2**31)))
    except np.linalg.LinAlgError:
        raise Missed("rich_net: its own kernel is singular") from None
    for name, holds in (
        ("loss", found["loss"] <= LOSS),
        ("test", found["test"] >= TEST),
        ("share", found["share"] >= SHARE),
        ("kernel", found["kernel"] >= KERNEL),
        ("share before", found["share before"] <= INSIDE),
        ("moved", 0 < found["moved"] <= MOVE),
        ("last moved", found["last moved"] > 0),
        ("spread", found["spread"] <= SPREAD),
    ):
        if not holds:
            raise Missed(f"rich_net, {name}: {found[name]:.3g}")
