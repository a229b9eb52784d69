"""Notes on what stands in the gradebook: which stored result each student's marks came from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from ..whole import write_whole


@dataclass(frozen=True)
class Note:
    """The result that was recorded: its key in the store, what it depended on, when it had been
    handed in, a digest of what was said of its files (`Finding.stamp`), and what its penalty for
    lateness came from (`Lateness.of`; "" in older notes)."""

    key: str
    parts: Mapping[str, str]
    timestamp: str
    finding: str = ""
    lateness: str = ""


class Notes:
    """One small file a student. A damaged or missing one only means that the student is recorded
    again."""

    def __init__(self, root: Path, assignment: str):
        self.folder = Path(root) / ".ntk" / "recorded" / assignment

    def get(self, student: str) -> Note | None:
        try:
            return Note(**json.loads((self.folder / student).read_text()))
        except (OSError, ValueError, TypeError):
            return None

    def put(self, student: str, note: Note) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        write_whole(self.folder / student, json.dumps(asdict(note)))

    def forget(self, student: str) -> None:
        (self.folder / student).unlink(missing_ok=True)
