"""An explanation as text for a terminal, as JSON, and as files of arrays."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import numpy as np
from rich import box
from rich.console import Console
from rich.table import Table

from ..door.student import Data
from ..text import shown
from .explain import Asked, Explanation, Loss

SOME = 8  # numbers of an array that are shown


def print_explanation(e: Explanation, console: Console) -> None:
    """Every lost criterion: the sentence, the probe, its inputs, what came back, what was
    expected."""
    console.print(
        shown(
            f"{e.student}, {e.exercise}: {e.then.points:g} of {e.then.max_points:g} points, seed "
            f"{e.seed}"
        ),
        style="bold",
    )
    for remark in e.remarks:
        console.print(shown(remark))
    for loss in e.losses:
        _print_loss(loss, console)
    if not e.losses:
        console.print("No criterion is lost: there is nothing to explain.")
    elif e.agrees:
        console.print("The replay decides every criterion as it was decided.")
    else:
        console.print(
            f"The replay decides otherwise: it gives {e.now.points:g} of {e.now.max_points:g} "
            "points.",
            style="bold red",
        )


def _print_loss(loss: Loss, console: Console) -> None:
    c = loss.criterion
    console.print(
        shown(f"\n{c.name} ({c.points:g} of {c.max_points:g}): {c.message}"), style="bold"
    )
    if loss.now is None:
        console.print("  It is no longer a criterion.")
    elif loss.now.passed:
        console.print("  In the replay it holds.", style="bold red")
    elif loss.now.message != c.message:
        console.print(shown(f"  In the replay: {loss.now.message}"))
    if loss.asked is not None:
        console.print("  asked:")
        console.print(shown(textwrap.indent(loss.asked.probe.strip(), "    ")))
        table = Table(box=box.SIMPLE, show_header=False, pad_edge=False, padding=(0, 2))
        for name, value in loss.asked.inputs.items():
            table.add_row(f"  {name}", shown(summary(value)))
        if loss.found is None:
            for name, value in (loss.asked.reply or {"reply": None}).items():
                table.add_row(f"  came back: {name}", shown(summary(value)))
        console.print(table)
    if loss.found is not None:
        console.print(f"  compared:  {summary(loss.found)}")
        console.print(f"  expected:  {summary(loss.expected)}")
        for line in worst(loss.found, loss.expected):
            console.print(f"  {line}")


def summary(value: Data) -> str:
    """A value in a line: numbers as they are, an array by its shape, type and first entries."""
    if isinstance(value, np.ndarray) and value.ndim:
        some = ", ".join(f"{x:.6g}" for x in value.reshape(-1)[:SOME].astype(float))
        more = ", …" if value.size > SOME else ""
        return f"{value.dtype} {value.shape}: {some}{more}"
    text = repr(value.item() if isinstance(value, np.ndarray) else value)
    return text if len(text) <= 300 else f"{text[:300]}…"


def worst(found: Data, expected: Data) -> list[str]:
    """Where the two sides differ most. Nothing when they cannot be laid side by side, or expected
    is a bound."""
    found, expected = np.asarray(found, dtype=float), np.asarray(expected, dtype=float)
    if found.shape != expected.shape or not found.size or not found.ndim:
        return []
    far = np.abs(found - expected)
    if np.isnan(far).all():
        return []
    at = np.unravel_index(np.nanargmax(far), far.shape)
    place = ", ".join(str(int(i)) for i in at)
    return [f"farthest:  at [{place}]: {found[at]:.10g} where {expected[at]:.10g} was expected"]


def to_json(e: Explanation) -> dict:
    """The explanation as JSON; arrays whole."""
    return {
        "student": e.student,
        "assignment": e.assignment,
        "exercise": e.exercise,
        "seed": e.seed,
        "agrees": e.agrees,
        "points": {"then": e.then.points, "now": e.now.points, "max": e.then.max_points},
        "remarks": e.remarks,
        "lost": [
            {
                **loss.criterion.to_json(),
                "now": loss.now.to_json() if loss.now else None,
                "asked": _asked(loss.asked),
                "found": _as_json(loss.found),
                "expected": _as_json(loss.expected),
            }
            for loss in e.losses
        ],
    }


def _asked(asked: Asked | None) -> dict | None:
    if asked is None:
        return None
    reply = None if asked.reply is None else {k: _as_json(v) for k, v in asked.reply.items()}
    return {
        "probe": asked.probe,
        "inputs": {k: _as_json(v) for k, v in asked.inputs.items()},
        "reply": reply,
    }


def _as_json(value: Data) -> Data:
    return value.tolist() if isinstance(value, np.ndarray) else value


def save(e: Explanation, folder: Path) -> list[Path]:
    """One .npz a lost criterion: input_…, reply_…, found, expected. Returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for loss in e.losses:
        arrays: dict = {}
        if loss.asked:
            arrays |= {f"input_{k}": np.asarray(v) for k, v in loss.asked.inputs.items()}
            reply = loss.asked.reply or {}
            arrays |= {f"reply_{k}": v for k, v in reply.items() if isinstance(v, np.ndarray)}
        sides = {"found": loss.found, "expected": loss.expected}
        arrays |= {k: np.asarray(v) for k, v in sides.items() if v is not None}
        path = (
            folder / f"{e.exercise}-{re.sub(r'[^a-z0-9]+', '-', loss.criterion.name.lower())}.npz"
        )
        np.savez(path, **arrays)
        written.append(path)
    return written
