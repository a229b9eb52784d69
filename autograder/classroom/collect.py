"""Takes what Moodle or Canvas made of a class's hand-ins, and puts each student's files into
`submitted/`, nbgrader's way.

What cannot be given to exactly one student lies in `.ntk/collected/<assignment>/unmatched`, and
what was replaced in `…/replaced/<time>`. One student's piece that is refused refuses nobody else.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from ..course import Course
from ..errors import OneLine
from ..whole import write_whole
from .archive import opened
from .entries import OTHERS, Entry, entries, lay_out
from .members import ArchiveError, Budget, Refused
from .place import OLDER, REPLACED, UNCHANGED, put, set_aside, stamp
from .platforms import MOODLE, Names
from .roster import Roster, RosterError

STAGE = ".collecting-"
ONE_TIME = timedelta(minutes=10)


class CollectError(OneLine):
    """The archive cannot be collected now."""


@dataclass
class Collected:
    """What became of an archive: students' ids by what was done, the others with the reason."""

    assignment: str
    collected: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    older: list[str] = field(default_factory=list)
    unmatched: dict[str, str] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    notes: dict[str, list[str]] = field(default_factory=dict)
    kept: str = ""
    """The folder of the unmatched and replaced ones."""
    one_time: bool = False
    """Whether all files were of nearly one time: then it is hardly that of handing in."""

    @property
    def complete(self) -> bool:
        return not self.unmatched and not self.failed


def collect(course: Course, assignment: str, archive: Path, roster: Roster) -> Collected:
    """Collect the archive. Raises OneLine when it cannot be used at all; then nothing is
    written."""
    exam = course.exam(assignment)
    if not roster.people and not roster.told:
        raise RosterError(
            "the gradebook knows no students: give --students CSV, a list of them exported from "
            "Moodle (participants or grades) or Canvas (gradebook)."
        )
    with opened(archive, zone_of(course)) as members:
        found = entries(members, Names(course.config, roster.canvas_ids))
        if not any(entry.platform for entry in found):
            raise ArchiveError(
                f"{archive} holds nothing that Moodle or Canvas names as a submission: give the "
                "archive of all submissions as it was downloaded."
            )
        try:
            with _locked(course.root / ".ntk" / "collected"), _stage(course.submitted) as stage:
                run = _Run(course, assignment, {n.name for n in exam.notebooks}, stage, archive)
                return run(found, roster)
        except OSError as error:
            raise CollectError(
                f"{error.filename or course.submitted} cannot be written ({error.strerror}): mend "
                "that and collect again; what was collected stays."
            ) from error


def store_of(course: Course, assignment: str) -> Path:
    """Where collecting keeps its things."""
    return course.root / ".ntk" / "collected" / assignment


def names_of(course: Course, assignment: str) -> dict[str, str]:
    """{student: the folder's name in Moodle's archive}, of all archives that were collected."""
    try:
        found = json.loads((store_of(course, assignment) / "names.json").read_text())
        return {str(student): str(folder) for student, folder in found.items()}
    except (OSError, ValueError, AttributeError):
        return {}


def zone_of(course: Course) -> tzinfo:
    """The zone of a zip's times: that of nbgrader's exchange, UTC if none is set."""
    name = str(course.config.Exchange.get("timezone", "UTC"))
    try:
        return ZoneInfo(name)
    except (ValueError, LookupError) as error:
        raise CollectError(
            f"{name!r} is no time zone: write c.Exchange.timezone as in 'Europe/Paris'."
        ) from error


class _Run:
    """One archive on its way into `submitted/`."""

    def __init__(
        self, course: Course, assignment: str, notebooks: set[str], stage: Path, archive: Path
    ):
        self.course, self.assignment, self.notebooks = course, assignment, notebooks
        self.stage, self.store = stage, store_of(course, assignment)
        now = datetime.now(UTC)
        self.replaced = self.store / "replaced" / now.strftime("%Y-%m-%dT%H-%M-%S.%fZ")
        self.fallback = datetime.fromtimestamp(archive.stat().st_mtime, UTC)
        self.budget, self.names = Budget(), names_of(course, assignment)
        self.outcome = Collected(assignment, kept=str(self.store))

    def __call__(self, found: list[Entry], roster: Roster) -> Collected:
        matches = [self._match(entry, roster) for entry in found]
        claims = Counter(student for student, _ in matches if student)
        for number, (entry, (student, why)) in enumerate(zip(found, matches, strict=True)):
            if claims[student] > 1:
                student, why = "", f"{claims[student]} submissions here would be {student}'s"
            self.budget.next_student()
            try:
                self._take(entry, student, why, self.stage / str(number))
            except Refused as error:
                label = f"{student} ({entry.label})" if student else entry.label
                self.outcome.failed[label] = str(error)
            shutil.rmtree(self.stage / str(number), ignore_errors=True)
        self._remember()
        times = [entry.when for entry in found if entry.platform and entry.when is not None]
        self.outcome.one_time = len(times) > 2 and max(times) - min(times) < ONE_TIME
        return self.outcome

    def _match(self, entry: Entry, roster: Roster) -> tuple[str, str]:
        if entry.name == OTHERS and not entry.platform:
            return "", f"{len(entry.pieces)} files that neither platform names so"
        return roster.find(entry.platform, entry.name, entry.number)

    def _take(self, entry: Entry, student: str, why: str, staged: Path) -> None:
        notes = lay_out(entry, self.notebooks, staged, self.budget)
        stamp(staged, entry.when or self.fallback)
        unmatched = self.store / "unmatched" / entry.stored_as
        if not student:
            put(staged, unmatched, self.replaced / "unmatched" / entry.stored_as)
            self.outcome.unmatched[entry.label] = why
            return
        target = self.course.submitted / student / self.assignment
        if os.path.lexists(target.parent) and not target.parent.is_dir():
            raise Refused(f"{target.parent} is no folder")
        done = put(staged, target, self.replaced / student)
        lists = self.outcome
        by = {UNCHANGED: lists.unchanged, OLDER: lists.older}
        by.get(done, lists.collected).append(student)
        if done == REPLACED:
            lists.replaced.append(student)
        if entry.late:
            notes.append("handed in late, says Canvas")
        if notes and done != UNCHANGED:
            lists.notes[student] = notes
        if entry.platform == MOODLE:
            self.names[student] = entry.folder
        if os.path.lexists(unmatched):  # it has found its student
            set_aside(unmatched, self.replaced / "unmatched" / entry.stored_as)

    def _remember(self) -> None:
        self.store.mkdir(parents=True, exist_ok=True)
        write_whole(self.store / "names.json", json.dumps(self.names, indent=1, sort_keys=True))


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    folder.parent.mkdir(mode=0o700, exist_ok=True)  # students' work, which others may not read
    folder.mkdir(exist_ok=True)
    with open(folder / "lock", "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise CollectError(
                "another command is collecting in this course: wait until it is done."
            ) from error
        yield


@contextmanager
def _stage(submitted: Path) -> Iterator[Path]:
    """A folder beside the students', in which their new ones are made; those of runs that were
    killed go away."""
    submitted.mkdir(parents=True, exist_ok=True)
    for left in submitted.glob(f"{STAGE}*"):
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=STAGE, dir=submitted) as folder:
        yield Path(folder)
