"""What one marked notebook may use."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

from traitlets import Float, Int

MIB = 2**20


def _limit(default: float, description: str) -> Any:
    return field(default=default, metadata={"help": description})


@dataclass(frozen=True)
class Limits:
    """The limits of one notebook. Times are wall times in seconds, sizes are bytes.

    They leave room for a slow but right answer: a loop of some hundred thousand rounds may take
    half a minute.
    """

    setup_seconds: float = _limit(
        120.0,
        "One locked cell that runs before anything of the student's (a cold import of a large "
        "library may take over 10 s).",
    )
    cell_seconds: float = _limit(120.0, "One cell of the student's, or one that runs after it.")
    probe_seconds: float = _limit(120.0, "One question of a hidden test.")
    exercise_seconds: float = _limit(
        300.0,
        "All questions about one exercise: a slow answer must not use up the time of the others.",
    )
    notebook_seconds: float = _limit(900.0, "The whole notebook, replays included.")
    memory_bytes: int = _limit(
        4 * 2**30,
        "Data segment of each process (RLIMIT_DATA), and anonymous resident memory of all of them "
        "together.",
    )
    processes: int = _limit(128, "Processes and threads of one sandbox.")
    open_files: int = _limit(256, "Open files of one process.")
    file_bytes: int = _limit(128 * MIB, "Size of one file.")
    home_bytes: int = _limit(
        256 * MIB,
        "Size of the private home, and again of /tmp; both live in memory and vanish with the "
        "sandbox.",
    )
    output_bytes: int = _limit(2 * MIB, "What one cell may print or show.")
    reply_bytes: int = _limit(
        32 * MIB,
        "What one probe may send back (a float64 matrix of 1900 x 1900 takes 28 MiB).",
    )

    @property
    def message_bytes(self) -> int:
        """The largest Jupyter message that the grader accepts: a reply in base64, with room to
        spare."""
        return max(64 * MIB, 2 * self.reply_bytes)


def setting(name: str) -> Float | Int:
    """The limit of this name as a traitlets setting, with its default and description."""
    [limit] = [f for f in fields(Limits) if f.name == name]
    default: Any = limit.default
    kind: type[Float | Int] = Float if isinstance(default, float) else Int
    return kind(default, help=limit.metadata["help"]).tag(config=True)
