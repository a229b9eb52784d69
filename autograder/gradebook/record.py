"""The one writer: puts finished results into nbgrader's gradebook, through nbgrader's own
pipeline."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

from nbgrader.api import MissingEntry
from nbgrader.apps import NbGraderAPI

from ..assignment.exam import Exam, Kind
from ..authoring.generate import generate
from ..course import Course
from ..errors import OneLine
from ..marking.replay import replaying
from ..marking.result import Result
from ..marking.store import key_of
from ..submission.timestamp import read_stamp
from ..text import first_line, last_line
from . import open as gradebooks
from .lateness import Lateness
from .notes import Note, Notes

IN_GRADEBOOK = (Kind.CHECKPOINT, Kind.TEST, Kind.MANUAL)
PATIENCE = 600.0  # seconds that a locked gradebook is waited for


class RecordError(OneLine):
    """A result could not be recorded."""


class Recorder:
    """Writes results in the order in which `record` is called. What was recorded already is left
    alone."""

    def __init__(
        self,
        course: Course,
        exam: Exam,
        say: Callable[[str], None] = print,
        patience: float = PATIENCE,
    ):
        """patience: seconds that a locked gradebook is waited for."""
        self.course, self.exam, self.say, self.patience = course, exam, say, patience
        self.api = NbGraderAPI(config=course.config)
        self.notes = Notes(course.root, exam.assignment)

    def prepare(self) -> None:
        """Create the assignment in the gradebook from `source/` when it is not there."""
        self._wait(self._prepare)

    def _prepare(self) -> None:
        with gradebooks.opened(self.course) as gradebook:
            try:
                notebooks = gradebook.find_assignment(self.exam.assignment).notebooks
            except MissingEntry:
                notebooks = []
            known = {n.name: {c.name: c.max_score for c in n.grade_cells} for n in notebooks}
            marks = gradebooks.marks(gradebook, self.exam.assignment)
            self.complete = {m.student for m in marks}
            self.complete -= {m.student for m in marks if m.by_machine and m.auto is None}
        wanted = {
            n.name: {c.id: c.points for c in n.cells if c.kind in IN_GRADEBOOK}
            for n in self.exam.notebooks
        }
        if known and known != wanted:
            raise RecordError(
                f"{self.exam.assignment} stands in the gradebook with other exercises or points "
                "than its masters have: "
                f"run `ntk release {self.exam.assignment}` first"
            )
        if not known:
            generate(self.course, self.exam.assignment)
        self.lateness = Lateness(self.course, self.exam.assignment)

    def is_recorded(self, student: str, key: str, finding: str) -> bool:
        """Whether exactly this result stands in the gradebook, with what was said of its files (the
        finding's stamp), the penalty that is due now, and the executed notebooks beside it."""
        note = self.notes.get(student)
        return (
            note is not None
            and (note.key, note.finding) == (key, finding)
            and note.timestamp == self._timestamp(student)
            and note.lateness == self.lateness.of(student)
            and student in self.complete
            and self._executed(student).is_dir()
        )

    def _timestamp(self, student: str) -> str:
        return read_stamp(self._submitted(student)).text

    def _submitted(self, student: str) -> Path:
        return self.course.submitted / student / self.exam.assignment

    def _executed(self, student: str) -> Path:
        return (
            self.course.root
            / self.course.directory.autograded_directory
            / student
            / self.exam.assignment
        )

    def record(self, student: str, parts: Mapping[str, str], result: Result, finding: str) -> None:
        """Automatic scores anew; manual ones, comments and extra credit stay. Raises
        RecordError."""
        self.notes.forget(student)
        timestamp = self._timestamp(student)
        self._wait(lambda: self._record(student, result))
        late = self.lateness.of(student)
        self.notes.put(student, Note(key_of(parts), parts, timestamp, finding, late))
        self.complete.add(student)

    def _record(self, student: str, result: Result) -> None:
        with _uninterrupted():
            self._write(student, result)

    def _write(self, student: str, result: Result) -> None:
        ready = {(self.exam.assignment, student, n.name): n for n in result.notebooks}
        with replaying(ready):
            answer = self.api.autograde(self.exam.assignment, student)
        if not answer["success"]:
            raise RecordError(_reason(answer))

    def _wait(self, work: Callable[[], None]) -> None:
        """Run `work`; while another process holds the gradebook, say so and try again."""
        began, told = monotonic(), False
        while True:
            try:
                return work()
            except Exception as error:
                if "database is locked" not in str(error) or monotonic() - began > self.patience:
                    raise (
                        error if isinstance(error, RecordError) else RecordError(first_line(error))
                    ) from error
            if not told:
                self.say("The gradebook is locked by another process: waiting for it …")
                told = True
            sleep(1.0)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """A Ctrl-C waits until the submission in hand is recorded; nbgrader would swallow it and forget
    the submission."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, frame: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if came:
        raise KeyboardInterrupt


def _reason(answer: dict) -> str:
    text = (answer.get("error") or "") + (answer.get("log") or "")
    if "database is locked" in text:
        return "database is locked"
    return last_line(text) or "nbgrader gave no reason"
