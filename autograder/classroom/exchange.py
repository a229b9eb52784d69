"""nbgrader's exchange, as `ntk watch` uses it: what has come since the last look, and feedback on
its way back.

Who hands in what is checked by the exchange's own classes (`hub/shared/ntk_exchange.py`);
nbgrader's own does not check it, and is refused: nobody looks at what a watcher collects.
"""

from __future__ import annotations

import hashlib
import logging
import os
import pwd
from pathlib import Path
from time import time
from typing import Any

from jupyter_core.paths import jupyter_config_path
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange import ExchangeFactory, default
from traitlets.config import Config, JSONFileConfigLoader, PyFileConfigLoader

from ..checks.brought import CONFIG
from ..course import Course
from ..errors import OneLine
from ..gradebook import open as gradebooks
from ..text import first_line, one_line

SETTLE_SECONDS = 60.0  # a hand-in without nbgrader's last mark is complete when so long unchanged
LATE_BYTES = 4096  # of a page, in which its mark stands
FEW = 20  # students that are collected one by one; more of them all at once

LOG = logging.getLogger("autograder.watch")


class ExchangeError(OneLine):
    """The exchange cannot be used as it is."""


class Exchange:
    """The exchange of a course.

    `here`: whether the course has one. mark: text that stands at the head of each page that is
    released here, by which it is told from an instructor's feedback.
    """

    def __init__(self, course: Course, mark: str):
        """Raises ExchangeError where submissions would be collected without a look at whose they
        are."""
        self.course, self.mark = course, mark
        self.config = everywhere(course)
        self.factory = ExchangeFactory(config=self.config)
        self.id = CourseDirectory(config=self.config).course_id
        self.by_files = issubclass(self.factory.collect, default.ExchangeCollect)
        root = self.factory.exchange(CourseDirectory(config=self.config), config=self.config).root
        self.folder = Path(root) / self.id
        self.here = bool(self.id) and (not self.by_files or (self.folder / "inbound").is_dir())
        if self.here and self.factory.collect is default.ExchangeCollect:
            raise ExchangeError(
                f"the exchange {root} does not check who hands in under which name: install "
                "hub/shared and set c.ExchangeFactory.collect = 'ntk_exchange.Collect', or collect "
                "yourself and set c.Watch.exchange = False."
            )
        self._seen: dict[str, set[str]] = {}

    def collect(self, assignment: str) -> dict[str, float]:
        """Bring what is new into `submitted/`: {student: when it was handed in (s since the
        epoch)}. Raises ExchangeError when nbgrader's part fails; what has come so far counts."""
        if not self.by_files:  # a service: it knows what is new
            self._collect(assignment, "*")
            return {}
        fresh = self._fresh(assignment)
        arrived: dict[str, float] = {}
        students = list(dict.fromkeys(student for student, _ in fresh.values()))
        with gradebooks.one_engine():
            for student in students if len(students) <= FEW else ["*"]:
                busy = self._collect(assignment, student)
                for name, (who, when) in fresh.items():
                    if student in (who, "*") and who not in busy:
                        self._seen[assignment].add(name)
                        arrived[who] = max(when, arrived.get(who, 0.0))
        return arrived

    def _fresh(self, assignment: str) -> dict[str, tuple[str, float]]:
        """{folder: (student, time)} of complete hand-ins that were not there at the last look."""
        seen, now = self._seen.setdefault(assignment, set()), time()
        found: dict[str, tuple[str, float]] = {}
        with os.scandir(self.folder / "inbound") as entries:
            for entry in entries:
                parts = entry.name.rsplit("+", 3)
                if entry.name in seen or len(parts) < 3 or parts[1] != assignment:
                    continue
                student = parts[0]
                try:
                    status = entry.stat(follow_symlinks=False)
                    theirs = status.st_uid == pwd.getpwnam(student).pw_uid
                except (OSError, KeyError):
                    theirs = False
                if not theirs or set(student) & set("*?[]"):
                    LOG.warning("%s is not of that account: left out", one_line(entry.name, 200))
                    seen.add(entry.name)
                elif is_complete(Path(entry.path), status, now):
                    found[entry.name] = student, min(status.st_ctime, now)
        return found

    def _collect(self, assignment: str, student: str) -> set[str]:
        """Returns whom another process was working on; they are collected at the next look."""
        work = self.factory.Collect(
            coursedir=self._directory(assignment, student), config=self.config, log=LOG
        )
        work.update = True
        if work.has_trait("settle"):
            work.settle = SETTLE_SECONDS
        _run(work)
        return set(getattr(work, "busy", ()))

    def release(self, assignment: str, student: str, pages: str) -> None:
        """Release a student's pages, which lie in the course's folder `pages` as nbgrader's
        feedback does. Raises ExchangeError."""
        directory = self._directory(assignment, student)
        directory.feedback_directory = pages
        _run(self.factory.ReleaseFeedback(coursedir=directory, config=self.config, log=LOG))

    def is_final(self, secret: str, notebook: str) -> bool:
        """Whether an instructor's feedback for this hand-in is out already."""
        if not self.by_files:
            return False
        name = hashlib.md5((secret + notebook).encode(), usedforsecurity=False).hexdigest()
        try:
            with open(self.folder / "feedback" / f"{name}.html", "rb") as page:
                return self.mark.encode() not in page.read(LATE_BYTES)
        except OSError:
            return False

    def _directory(self, assignment: str, student: str) -> CourseDirectory:
        directory = CourseDirectory(config=self.config)
        directory.assignment_id, directory.student_id = assignment, student
        return directory


def everywhere(course: Course) -> Config:
    """The settings that nbgrader's own commands would read in the course's folder: those of the
    machine and of the account, below the course's."""
    config = Config()
    for folder in reversed(jupyter_config_path()):
        for name, loader in (
            ("nbgrader_config.json", JSONFileConfigLoader),
            (CONFIG, PyFileConfigLoader),
        ):
            path = Path(folder) / name
            if path.is_file() and path.parent.resolve() != course.root:
                config.merge(loader(name, path=folder).load_config())
    config.merge(course.config)
    return config


def is_complete(folder: Path, status: os.stat_result, now: float) -> bool:
    """Whether nbgrader has written all of a hand-in: the last that it does is to let the course's
    group write. What was put there otherwise is complete when nothing has changed for a while."""
    if now - status.st_ctime >= SETTLE_SECONDS:
        return True
    if not status.st_mode & 0o020:
        return False
    try:
        return all(
            (folder / name).lstat().st_size for name in ("timestamp.txt", "submission_secret.txt")
        )
    except OSError:
        return False


def _run(work: Any) -> None:
    try:
        work.start()
    except (KeyboardInterrupt, OneLine):
        raise
    except (Exception, SystemExit) as error:  # nbgrader ends the process where it cannot go on
        raise ExchangeError(f"nbgrader's exchange: {first_line(error)}") from error
