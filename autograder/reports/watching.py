"""How a course's watcher is, in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def sentences(status: Mapping[str, Any], now: float) -> list[str]:
    """What `ntk watch --status` says; `status` as `classroom.watch_status.status_json` gives it."""
    if not status["pid"]:
        return ["No watcher has run in this course yet."]
    if status["watching"]:
        of = ", ".join(status["assignments"]) or "no assignment yet"
        said = [f"Watching {of} for {ago(now - status['since'])} (process {status['pid']})."]
    else:
        said = ["Not watching; this is how the last watcher left it."]
    said.append(f"Last look: {ago(now - status['looked'])} ago." if status["looked"] else "")
    counts = f"waiting {status['waiting']}, running {status['running']}, done {status['done']}"
    if status["held"]:
        counts += f", feedback for another day {status['held']}"
    if status["failing"]:
        counts += f", tried again later {status['failing']}"
    said.append(counts)
    if status["mean_wait"] is not None:
        said.append(
            f"Wait from hand-in to feedback, of the last ones: mean {status['mean_wait']:.0f} s, "
            f"longest {status['longest_wait']:.0f} s."
        )
    if error := status["last_error"]:
        said.append(f"Last error, {ago(now - error['at'])} ago: {error['of']}: {error['what']}")
    return [line for line in said if line]


def ago(seconds: float) -> str:
    """A span of time, roughly."""
    seconds = max(0.0, seconds)
    for size, unit in ((86400, "days"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
