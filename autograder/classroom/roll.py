"""Who has handed in an assignment, and what: submissions as bytes, and what is stored of their
marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..course import Course
from ..errors import OneLine
from ..marking.judged import judged
from ..marking.result import Result
from ..marking.store import Store, key_of, parts_of
from ..marking.terms import terms_of
from ..submission.files import Finding, read_submission
from ..submission.settled import Decisions


class GradeError(OneLine):
    """There is nothing to grade, or not as it was asked."""


@dataclass(frozen=True)
class Job:
    """One submission to be marked: whose, and what was found of its notebooks."""

    student: str
    finding: Finding


class Roll:
    """The roll of one assignment: `names` in order, with all that marking them needs.

    exam: what was set; terms: what it is marked by; store: the course's finished results.
    """

    def __init__(
        self, course: Course, assignment: str, only: Sequence[str] = (), *, empty: bool = False
    ):
        """only: these students (default: everybody who has handed in); empty: nobody yet, they come
        one by one. Raises GradeError for a name without a submission, or when nobody has handed
        in."""
        self.course, self.exam = course, course.exam(assignment)
        self.terms = terms_of(course.marking, course.root)
        self.store = Store(Path(course.root) / ".ntk" / "results")
        self.decisions = Decisions(course.root, assignment)
        self.names: list[str] = []
        if empty:
            return
        found = sorted(
            p.parent.name for p in course.submitted.glob(f"*/{assignment}") if p.is_dir()
        )
        missing = [name for name in only if name not in found]
        if missing:
            raise GradeError(
                f"no submission of {', '.join(missing)} in {course.submitted}: collect it first"
            )
        if not found:
            raise GradeError(
                f"nobody has handed in {assignment}: there is no "
                f"{course.submitted}/<student>/{assignment}"
            )
        self.names = [name for name in found if not only or name in only]

    def job(self, student: str) -> Job:
        """One submission, as bytes."""
        folder = self.course.submitted / student / self.exam.assignment
        return Job(student, read_submission(folder, self.exam, self.decisions.get(student)))

    def parts(self, job: Job) -> dict[str, str]:
        """What the marking of a submission depends on, as digests (`marking.store.parts_of`)."""
        return parts_of(self.exam, job.finding.files, self.terms)

    def stored(self) -> dict[str, Result | None]:
        """{student: stored result or None}, without marking anything."""
        found: dict[str, Result | None] = {}
        for student in self.names:
            try:
                job = self.job(student)
            except Exception:  # files that cannot be read: `ntk grade` says so
                found[student] = None
                continue
            result = self.store.get(key_of(self.parts(job)), marks_only=True)
            found[student] = judged(result, job.finding) if result else None
        return found
