"""`ntk explain`: replays the hidden tests of one exercise and shows what came back against what was
expected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..assignment.exam import Exam, ExamCell, ExamNotebook, Kind
from ..checks.ordinary.trial import StatementFailed
from ..checks.verdict import Criterion, Verdict
from ..classroom.preview import causes
from ..classroom.roll import GradeError, Job, Roll
from ..course import Course
from ..door.student import Data, ProbeError, Student
from ..gradebook.notes import Notes
from ..marking.examine import examine
from ..marking.result import ExerciseResult, NotebookResult, Result
from ..marking.store import key_of
from ..submission.rebuild import rebuilt_from


@dataclass(frozen=True)
class Asked:
    """One probe: its source, the inputs, and what came back (None when nothing did)."""

    probe: str
    inputs: Mapping[str, Data]
    reply: Mapping[str, Data] | None


@dataclass(frozen=True)
class Loss:
    """One lost criterion: the sentence then and now, the probe whose answer was judged, both sides
    of the comparison."""

    criterion: Criterion
    now: Criterion | None
    asked: Asked | None = None
    found: Data = None
    expected: Data = None


@dataclass
class Explanation:
    """The replay of one exercise for the person who decides an appeal. It holds hidden tests: not
    for students."""

    student: str
    assignment: str
    exercise: str
    seed: int
    then: Verdict
    now: Verdict
    losses: list[Loss]
    remarks: list[str] = field(default_factory=list)

    @property
    def agrees(self) -> bool:
        """Whether the replay decides every criterion as it was decided."""
        return [(c.name, c.passed) for c in self.then.criteria] == [
            (c.name, c.passed) for c in self.now.criteria
        ]


class Witness:
    """Looks on while the exercise is marked: keeps the probe that was asked last before each
    loss."""

    def __init__(self, exercise: str):
        self.exercise = exercise
        self.last: Asked | None = None
        self.seen: dict[str, tuple[Exception, Asked | None]] = {}

    def wrap(self, student: Student) -> Student:
        return _Heard(student, self)

    def observe(self, criterion: str, error: Exception) -> None:
        # a result that several criteria share fails them with the same error: its probe came
        # earlier
        earlier = next((asked for known, asked in self.seen.values() if known is error), self.last)
        if isinstance(error, StatementFailed):
            earlier = Asked(error.statement, {}, {"error": error.kind, "message": error.message})
        self.seen[criterion] = (error, earlier)


class _Heard:
    def __init__(self, student: Student, witness: Witness):
        self.student, self.witness = student, witness

    def run(self, probe: str, *, returns: Sequence[str], **inputs: Data) -> dict[str, Data]:
        reply = None
        try:
            reply = self.student.run(probe, returns=returns, **inputs)
            return reply
        finally:
            self.witness.last = Asked(probe, inputs, reply)


def explain(course: Course, assignment: str, student: str, exercise: str) -> Explanation:
    """Replay `exercise` of what the student handed in, from the seed of the marking that stands.

    Raises GradeError when there is nothing to explain, InfrastructureError when it cannot be
    replayed.
    """
    roll = Roll(course, assignment, [student])
    notebook = _notebook_of(roll.exam, exercise)
    job = roll.job(student)
    marked, remarks = _marked(roll, job)
    stored = next((n for n in marked.notebooks if n.name == notebook.name), None)
    then = _exercise(stored, exercise) if stored else None
    if stored is None or then is None or then.verdict is None:
        raise GradeError(
            f"the stored result of {student} has no {exercise}: run `ntk grade {assignment}`"
        )
    rebuilt = rebuilt_from(roll.exam, notebook.name, job.finding.files).notebook
    witness = Witness(exercise)
    again = examine(roll.exam, notebook.name, rebuilt, roll.terms, stored.seed, witness)
    now = _exercise(again, exercise)
    if now is None or now.verdict is None:
        raise GradeError(f"the replay of {student} did not come to {exercise}")
    remarks += [f"In the replay: {text}" for text in again.incidents]
    return Explanation(
        student,
        assignment,
        exercise,
        stored.seed,
        then.verdict,
        now.verdict,
        _losses(then.verdict, now.verdict, witness),
        remarks,
    )


def assignment_with(course: Course, exercise: str) -> str:
    """The assignment of the course that holds the exercise. Raises GradeError when none or several
    do."""
    found = [
        name
        for name in course.assignments()
        if any(c.exercise == exercise for n in course.exam(name).notebooks for c in n.graded())
    ]
    if len(found) == 1:
        return found[0]
    if found:
        raise GradeError(
            f"{', '.join(found)} have an exercise {exercise}: name one with --assignment"
        )
    known = {c.exercise for name in course.assignments() for c in _tests(course.exam(name))}
    raise GradeError(
        f"no assignment of this course has an exercise {exercise!r}: there are "
        f"{', '.join(sorted(known))}"
    )


def _tests(exam: Exam) -> list[ExamCell]:
    return [c for n in exam.notebooks for c in n.graded() if c.kind is Kind.TEST]


def _notebook_of(exam: Exam, exercise: str) -> ExamNotebook:
    for notebook in exam.notebooks:
        for cell in notebook.graded():
            if cell.exercise == exercise:
                if cell.by_hand:
                    raise GradeError(
                        f"{exercise} is marked by a person: look at it in the formgrader"
                    )
                return notebook
    known = [str(c.exercise) for c in _tests(exam)]
    raise GradeError(f"{exam.assignment} has no exercise {exercise!r}: it has {', '.join(known)}")


def _marked(roll: Roll, job: Job) -> tuple[Result, list[str]]:
    """The stored result that stands for this submission, and remarks on what changed since."""
    assignment, parts = roll.exam.assignment, roll.parts(job)
    note = Notes(roll.course.root, assignment).get(job.student)
    again = f"run `ntk grade {assignment} --student {job.student}` first"
    changed: list[str] = []
    if note is None:
        result = roll.store.get(key_of(parts), marks_only=True)
    else:
        if note.parts["submission"] != parts["submission"]:
            raise GradeError(f"{job.student} has handed in anew since the marking: {again}")
        result, changed = roll.store.get(note.key, marks_only=True), causes(note.parts, parts)
    if result is None:
        raise GradeError(f"{job.student} is not marked yet, or the stored result is gone: {again}")
    return result, [f"Since the marking {text}; this replay goes by today's." for text in changed]


def _exercise(notebook: NotebookResult, exercise: str) -> ExerciseResult | None:
    return next((e for e in notebook.exercises if e.id == exercise), None)


def _losses(then: Verdict, now: Verdict, witness: Witness) -> list[Loss]:
    """Every criterion that was lost in the marking or is lost in the replay."""
    today = {c.name: c for c in now.criteria}
    names = {c.name for c in then.criteria if not c.passed}
    names |= {c.name for c in now.criteria if not c.passed}
    earlier = {c.name: c for c in then.criteria}
    losses = []
    for name in [*earlier, *(n for n in today if n not in earlier)]:
        if name in names:
            error, asked = witness.seen.get(name, (None, None))
            shown = {} if isinstance(error, ProbeError | None) else _sides(error)
            before = earlier.get(name) or today[name]
            losses.append(Loss(before, today.get(name), asked, **shown))
    return losses


def _sides(error: Exception) -> dict:
    return {"found": getattr(error, "found", None), "expected": getattr(error, "expected", None)}
