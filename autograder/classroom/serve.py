"""The last steps of a submission that a watcher has marked: into the gradebook, into a page, to the
student."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC
from pathlib import Path
from time import time

from nbgrader.api import MissingEntry

from ..assignment.exam import Exam
from ..course import Course
from ..gradebook import open as gradebooks
from ..gradebook.notes import Note
from ..gradebook.record import Recorder
from ..marking.judged import judged
from ..marking.result import Result
from ..marking.store import key_of
from ..submission.files import Finding
from ..submission.read import read_bytes
from ..submission.timestamp import read_stamp
from ..submission.turns import turn
from ..whole import write_whole
from .draws import Draws, Shown, next_shown
from .exchange import Exchange
from .roll import Roll
from .watch_settings import Watch

PAGES = "verdicts"  # the course's folder for them; nbgrader's feedback/ is the instructor's
MARK = "ntk watch"  # stands in each page's head
PATIENCE = 15.0  # seconds that a locked gradebook is waited for before others get their turn
CARRIED = ("timestamp.txt", "submission_secret.txt")  # nbgrader needs them to release a page
SECRET = CARRIED[1]
MOST_FILES = 50  # of a hand-in that get a page


@dataclass(frozen=True)
class Sheet:
    """All that a student's page tells.

    result: the marks, with the executed notebooks; shown: what is shown of them and since when;
    shows: `c.Watch.shows`; left: feedback that is left today, of per_day (None: no limit);
    handed_in: the time in words; now: seconds since the epoch.
    """

    exam: Exam
    result: Result
    shown: Shown
    shows: str
    per_day: int
    left: int | None
    handed_in: str
    now: float


Pages = Callable[[Sheet], Mapping[str, str]]
"""{notebook: HTML}; has `MARK` in the head of each."""


class Server:
    """Records and shows one submission after the other of one assignment."""

    def __init__(self, course: Course, roll: Roll, exchange: Exchange | None, pages: Pages):
        self.course, self.roll, self.exchange, self.pages = course, roll, exchange, pages
        self.settings = Watch(config=course.config)
        self.draws = Draws(course.root, roll.exam.assignment)
        self.recorder = Recorder(course, roll.exam, lambda text: None, PATIENCE)
        self.end: float | None = None

    def prepare(self) -> None:
        """Look at the gradebook as it is now. Raises OneLine."""
        self.recorder.prepare()
        self.end = self.settings.end
        if self.end is None:
            with gradebooks.opened(self.course) as gradebook:
                try:
                    due = gradebook.find_assignment(self.roll.exam.assignment).duedate
                except MissingEntry:
                    due = None
            # nbgrader keeps it in UTC, without a zone
            self.end = due.replace(tzinfo=UTC).timestamp() if due is not None else None

    def recorded(self, student: str, parts: Mapping[str, str], finding: Finding) -> str | None:
        """The key of the stored result of just these answers that stands in the gradebook,
        whichever version of the grader has marked them: to mark what was marked before is left to
        `ntk grade`."""
        note: Note | None = self.recorder.notes.get(student)
        if (
            note is not None
            and note.parts.get("submission") == parts["submission"]
            and note.finding == finding.stamp()
            and note.timestamp == read_stamp(self._folder(student)).text
            and student in self.recorder.complete
            and (self.course.root / self._autograded / student / self._assignment).is_dir()
            and note.key in self.roll.store
        ):
            return note.key
        return None

    @property
    def _autograded(self) -> str:
        return str(self.course.directory.autograded_directory)

    @property
    def _assignment(self) -> str:
        return self.roll.exam.assignment

    def _folder(self, student: str) -> Path:
        return self.course.submitted / student / self._assignment

    def result(self, key: str, finding: Finding) -> Result | None:
        """None when it is damaged or gone: it is marked again."""
        stored = self.roll.store.get(key)
        return judged(stored, finding) if stored else None

    def record(
        self, student: str, parts: Mapping[str, str], result: Result, finding: Finding
    ) -> None:
        """Raises OneLine, OSError or ValueError."""
        with turn(self.course.root, self._assignment, student, seconds=1.0):
            if not self.recorder.is_recorded(student, key_of(parts), finding.stamp()):
                self.recorder.record(student, parts, result, finding.stamp())

    def show(self, student: str, key: str, result: Result, finding: Finding, seen: str) -> Shown:
        """Make the student's pages and release them. A draw is noted before its page is out, and
        only once, whatever ends this process in between. Raises OneLine or OSError."""
        folder, now = self._folder(student), time()
        secret = (read_bytes(folder / SECRET, folder) or b"").decode(errors="replace")
        handed_in = read_stamp(folder).text
        submission = hashlib.sha256(f"{secret}\0{handed_in}\0{seen.split()[0]}".encode())
        points = {e.id: e.points for n in result.notebooks for e in n.exercises if not e.manual}
        shown = next_shown(
            self.draws.get(student),
            Shown(seen, submission.hexdigest()[:32], key, points),
            per_day=self.settings.per_day,
            now=now,
            end=self.end,
        )
        self.draws.put(student, shown)
        sheet = Sheet(
            self.roll.exam,
            result,
            shown,
            self.settings.shows,
            self.settings.per_day,
            shown.left(self.settings.per_day, now),
            handed_in,
            now,
        )
        pages = self._for_each_file(dict(self.pages(sheet)), folder, finding)
        if self._put(student, pages, secret) and self.exchange is not None:
            self.exchange.release(self._assignment, student, PAGES)
        shown = replace(shown, released=True)
        self.draws.put(student, shown)
        return shown

    def _for_each_file(
        self, pages: dict[str, str], folder: Path, finding: Finding
    ) -> dict[str, str]:
        """A page also under the name of each further notebook in the hand-in: nbgrader offers
        feedback only where every notebook has some."""
        taken = {Path(file).stem: name for name, file in finding.taken.items()}
        first = next(iter(pages.values()))
        for file in sorted(folder.glob("*.ipynb"))[:MOST_FILES]:
            pages.setdefault(file.stem, pages.get(taken.get(file.stem, ""), first))
        return pages

    def _put(self, student: str, pages: Mapping[str, str], secret: str) -> bool:
        """Write the pages that are the watcher's to write, one by one and each whole; False when an
        instructor's feedback is out for all of them."""
        source, target = self._folder(student), self.course.root / PAGES / student
        target = target / self._assignment
        target.mkdir(parents=True, exist_ok=True)
        for old in target.glob("*.html"):
            if old.stem not in pages:
                old.unlink()
        wanted = 0
        for name, page in pages.items():
            path = target / f"{name}.html"
            if self.exchange is not None and secret and self.exchange.is_final(secret, name):
                path.unlink(missing_ok=True)
                continue
            write_whole(path, page)
            wanted += 1
        for name in CARRIED:
            data = read_bytes(source / name, source)
            if data is None:
                (target / name).unlink(missing_ok=True)
            else:
                write_whole(target / name, data)
        return bool(wanted and secret)
