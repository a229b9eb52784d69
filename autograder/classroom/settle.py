"""What an instructor decides about a submission that a person must look at: take a file for a
notebook, accept the marks as they are, or undo that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..assignment.exam import Exam
from ..course import Course
from ..marking.judged import judged
from ..marking.result import Result, Status
from ..marking.store import key_of
from ..submission.candidates import notebooks_in
from ..submission.entries import Entries, Entry, entries_of
from ..submission.files import Settled
from .grade import Outcome, grade
from .in_order import How
from .roll import GradeError, Roll


@dataclass(frozen=True)
class Settlement:
    """What was done, in sentences, and the marking that followed."""

    said: tuple[str, ...]
    outcome: Outcome


def settle(
    course: Course, assignment: str, student: str, take: Sequence[str] = (), *, undo: bool = False
) -> Settlement:
    """Note the decision, mark again where a file is taken, and record.

    take: files of the submission, each as FILE or NOTEBOOK=FILE; without any, the marks are
    accepted as they are. Raises GradeError when there is nothing to settle or to undo, or a file
    is not there.
    """
    roll = Roll(course, assignment, [student])
    if undo:
        if not roll.decisions.undo(student):
            raise GradeError(f"nothing was settled about {student} in {assignment}")
        said = [f"{student}: what was settled is undone."]
    else:
        entries = entries_of(course.submitted / student / assignment)
        before = roll.decisions.get(student)
        if before is None or before.digest != entries.digest:
            before = Settled(entries.digest)
        if take:
            taken = dict(_named(roll.exam, entries, words) for words in take)
            decision = replace(before, take={**before.take, **taken}, accepted=False)
            said = [f"{student}: {file} is taken for {name}.ipynb." for name, file in taken.items()]
        else:
            _needs_it(roll, student)
            # the files as well: which of two is taken may depend on their times alone
            files = roll.job(student).finding.taken
            decision = replace(before, take={**files, **before.take}, accepted=True)
            said = [f"{student}: the marks are accepted as they are."]
        roll.decisions.put(student, decision)
        said.append(f"To undo it: ntk settle {assignment} {student} --undo")
    return Settlement(tuple(said), grade(course, assignment, How(workers=1), [student]))


def _needs_it(roll: Roll, student: str) -> None:
    job = roll.job(student)
    stored: Result | None = roll.store.get(key_of(roll.parts(job)), marks_only=True)
    if stored is None:
        raise GradeError(f"{student} is not marked yet: run `ntk grade {roll.exam.assignment}`")
    if judged(stored, job.finding).status is not Status.REVIEW:
        raise GradeError(f"nothing about {student} waits for a decision")


def _named(exam: Exam, entries: Entries, words: str) -> tuple[str, str]:
    """(notebook, file) of a `--take`."""
    names = [n.name for n in exam.notebooks]
    notebook, mark, file = words.partition("=")
    if not mark or notebook.removesuffix(".ipynb") not in names:
        notebook, file = "", words
    entry = next((e for e in entries.files if file in (e.name, e.shown)), None)
    if entry is None:
        there = ", ".join(e.shown for e in entries.files[:10]) or "nothing that can be opened"
        raise GradeError(f"the submission has no file {file!r}: it has {there}")
    return notebook.removesuffix(".ipynb") or _only(exam, entry), entry.name


def _only(exam: Exam, entry: Entry) -> str:
    """The notebook that a file is, told from its cells."""
    found = notebooks_in(exam, entry) or [n.name for n in exam.notebooks]
    if len(found) == 1:
        return found[0]
    raise GradeError(
        f"{entry.shown} may be {' or '.join(found)}: say which, as --take {found[0]}={entry.shown}"
    )
