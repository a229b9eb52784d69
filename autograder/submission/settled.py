"""What instructors have settled about submissions: one small file a student, which a submission
that is handed in anew makes void."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from ..whole import write_whole
from .files import Settled


class Decisions:
    """The decisions on one assignment, in the course's `.ntk/settled`."""

    def __init__(self, root: Path, assignment: str):
        self.folder = Path(root) / ".ntk" / "settled" / assignment

    def get(self, student: str) -> Settled | None:
        """The decision on a student's submission; None when there is none that can be read."""
        try:
            return Settled(**json.loads((self.folder / f"{student}.json").read_text()))
        except (OSError, ValueError, TypeError):
            return None

    def put(self, student: str, settled: Settled) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        write_whole(self.folder / f"{student}.json", json.dumps(asdict(settled), indent=1))

    def undo(self, student: str) -> bool:
        """Forget the decision; False when there was none."""
        try:
            (self.folder / f"{student}.json").unlink()
        except FileNotFoundError:
            return False
        return True
