"""Runs one rebuilt notebook in a fresh kernel and marks it. A pure function: no database, no course
folder."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import threading
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from time import monotonic
from typing import Protocol, TypeVar

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_output

from ..assignment.exam import Exam, ExamCell, Kind
from ..checks.ids import CHECKPOINT
from ..checks.ordinary.cell import TestCell
from ..checks.ordinary.trial import Trial, run_again, try_cell
from ..checks.verdict import Verdict
from ..clean import clean_outputs, clean_source
from ..door.student import Data, ProbeError, Student, StudentLost
from ..errors import InfrastructureError
from ..text import one_line
from .kernel import Kernel, Ran, SandboxedStudent, size_of
from .missing import asked_for, words
from .needs import left_out, may_set
from .result import ExerciseResult, NotebookResult
from .terms import Terms
from .withhold import Withhold

T = TypeVar("T")
FULL_CELLS = 8  # a notebook may show as much as so many cells that show all they may
MODULES = 10  # so many missing ones are named
AS_HANDED_IN = "as handed in"
AGAIN = (Kind.SETUP, Kind.SOLUTION, Kind.MANUAL, None)  # None: a cell of the student's own


def seed_of(secret: bytes, notebook: NotebookNode) -> int:
    """The seed of a notebook's checks: HMAC-SHA256 of the course's secret and the rebuilt
    notebook's code."""
    text = "\0".join(
        f"{cell.id}\0{cell.source}" for cell in notebook.cells if cell.cell_type == "code"
    )
    return int.from_bytes(hmac.digest(secret, text.encode(), hashlib.sha256)[:6], "big")


class Watch(Protocol):
    """Looks on while one exercise is marked; the examination ends after it."""

    exercise: str

    def wrap(self, student: Student) -> Student: ...

    def observe(self, criterion: str, error: Exception) -> None: ...


def examine(
    exam: Exam,
    name: str,
    notebook: NotebookNode,
    terms: Terms,
    seed: int,
    watch: Watch | None = None,
) -> NotebookResult:
    """Run `notebook` (made by `rebuild` from the exam's notebook of this name) and mark its tests.

    Raises InfrastructureError when the fault is ours; never for anything that the notebook does.
    """
    return blocking(examination(exam, name, notebook, terms, seed, watch))


def examination(
    exam: Exam,
    name: str,
    notebook: NotebookNode,
    terms: Terms,
    seed: int,
    watch: Watch | None = None,
) -> Coroutine[None, None, NotebookResult]:
    """`examine` as a coroutine, for several in one event loop (see `blocking`)."""
    return _Examination(exam, name, notebook, terms, seed, watch).run()


def blocking(work: Coroutine[None, None, T]) -> T:
    """Run a coroutine to its end in a thread of its own: callers may live inside a running event
    loop."""
    box: dict = {}

    def target() -> None:
        async def main() -> None:
            box["loop"], box["task"] = asyncio.get_running_loop(), asyncio.current_task()
            box["value"] = await work

        try:
            asyncio.run(main())
        except BaseException as error:
            box["error"] = error

    thread = threading.Thread(target=target, name="ntk-examine")
    thread.start()
    try:
        thread.join()
    except BaseException:  # Ctrl-C: end the kernel before passing it on
        box["loop"].call_soon_threadsafe(box["task"].cancel)
        thread.join()
        raise
    if "error" in box:
        raise box["error"]
    return box["value"]


class _Lost:
    """A student who cannot answer any more."""

    def __init__(self, message: str):
        self.message = message

    def run(self, probe: str, *, returns: Sequence[str], **inputs: Data) -> dict[str, Data]:
        raise StudentLost(self.message)


class _Examination:
    def __init__(
        self,
        exam: Exam,
        name: str,
        notebook: NotebookNode,
        terms: Terms,
        seed: int,
        watch: Watch | None,
    ):
        self.terms, self.limits, self.checks = terms, terms.limits, exam.registry
        self.notebook, self.watch, self.files = notebook, watch, exam.files
        self.known: dict[str, ExamCell] = {cell.id: cell for cell in exam.notebook(name).cells}
        self.result = NotebookResult(name, seed, notebook=notebook)
        tests = [c.test for n in exam.notebooks for c in n.cells if c.test is not None]
        shown = {
            line.strip() for n in exam.notebooks for c in n.cells for line in c.stub.split("\n")
        }
        self.withhold = Withhold(notebook, {x for t in tests for x in t.secrets} - shown)
        self.kernel = Kernel(terms, self.files)
        self.left_out: set[str] = set()  # ids of cells that hung or killed a kernel
        # exercises that hung or died on a checkpoint's small input, with the reason
        self.lost: dict[str, str] = {}
        self.missing: set[str] = set()  # modules that were asked for and are not there
        self.ran: list[NotebookNode] = []  # code cells that are run again in a fresh kernel
        self.name_errors: list[str] = []  # of the ordinary test in hand
        self.trials: dict[str, Trial] = {}
        self.students_turn = False  # has anything of the student's run yet?
        self.count = 0
        self.room = FULL_CELLS * self.limits.output_bytes
        # demonstrations that nothing needs, and those of them that have been passed
        self.kept = left_out(notebook, self.known) if terms.demonstrations == "kept" else set()
        self.passed: list[NotebookNode] = []

    async def run(self) -> NotebookResult:
        began = monotonic()
        self.deadline = began + self.limits.notebook_seconds
        try:
            for cell in self.notebook.cells:
                master = self.known.get(cell.id)
                if master is None or master.kind in (Kind.SOLUTION, Kind.MANUAL):
                    self.students_turn = True
                if master is not None and master.by_hand:
                    self.result.exercises.append(ExerciseResult(master.exercise, master.points))
                if master is not None and master.kind is Kind.TEST:
                    await self._mark(cell, master)
                    if self.watch and master.exercise == self.watch.exercise:
                        break
                elif cell.cell_type == "code" and cell.id in self.kept:
                    self._keep(cell)
                elif cell.cell_type == "code" and cell.source.strip():
                    await self._run(cell, master)
        finally:
            await self.kernel.stop()
        for trial in self.trials.values():
            self.result.incidents += trial.incidents
            self.result.review += trial.review
        for cell in self.notebook.cells:
            if cell.cell_type == "code":
                self.withhold.outputs(cell)
                cell.outputs, incidents = clean_outputs(cell.outputs, self.limits.output_bytes)
                self.result.incidents += [f"{cell.id}: {text}" for text in incidents]
                cell.source = clean_source(cell.source)  # it has run; what is kept is for showing
        self.result.incidents += self.withhold.incidents
        self.result.seconds = monotonic() - began
        return self.result

    @contextmanager
    def _clock(self, name: str) -> Iterator[None]:
        began = monotonic()
        try:
            yield
        finally:
            self.result.timings[name] = self.result.timings.get(name, 0.0) + monotonic() - began

    async def _ready(self) -> bool:
        """A living kernel with everything before this cell in it. False when the notebook's time is
        over."""
        while not self.kernel.alive:
            if monotonic() > self.deadline:
                return False
            self.kernel = Kernel(self.terms, self.files)
            with self._clock("kernel start"):
                await self.kernel.start()
            with self._clock("replay"):
                await self._replay()
        return monotonic() < self.deadline

    async def _replay(self) -> None:
        """Run setup, answers and the student's own cells again, without those that ended a
        kernel."""
        for cell in self.ran:
            if monotonic() > self.deadline:
                return
            test = self.known[cell.id].test if cell.id in self.known else None
            if test is not None:
                await self._replay_test(test)
            elif cell.id not in self.left_out:
                again = new_code_cell(cell.source)
                if await self.kernel.run_cell(again, self._seconds(), room=0) in (
                    Ran.TIMEOUT,
                    Ran.DIED,
                ):
                    self.left_out.add(cell.id)
                    self.result.incidents.append(
                        f"The cell {cell.id!r} ended a fresh kernel: it was left out."
                    )
                    return

    async def _replay_test(self, test: TestCell) -> None:
        """Run an ordinary test once more: later ones may read what it defines."""
        if test.exercise not in self.left_out and self.kernel.alive:
            student = self._student(self.deadline)
            with suppress(ProbeError):
                await asyncio.to_thread(run_again, test, student)
            if not self.kernel.alive:
                self.left_out.add(test.exercise)

    def _student(self, deadline: float) -> SandboxedStudent:
        loop = asyncio.get_running_loop()
        return SandboxedStudent(self.kernel, loop, self.limits.probe_seconds, deadline)

    def _seconds(self) -> float:
        limit = self.limits.cell_seconds if self.students_turn else self.limits.setup_seconds
        return min(limit, max(1.0, self.deadline - monotonic()))

    def _keep(self, cell: NotebookNode) -> None:
        """Pass a demonstration by: what it shows is what was handed in, and says so."""
        if cell.outputs:
            line = new_output("display_data", data={"text/plain": AS_HANDED_IN})
            line.data["text/html"] = f"<small>{AS_HANDED_IN}</small>"
            cell.outputs = [line, *cell.outputs]
        self.room = max(0, self.room - size_of(cell.outputs))
        self.passed.append(cell)

    def _left_out_too_much(self, name_errors: Sequence[str]) -> bool:
        sources = [cell.source for cell in self.passed]
        return any(may_set(sources, error) for error in name_errors)

    async def _catch_up(self) -> None:
        """Run the demonstrations that were passed by: one of them may set a name that was
        missing."""
        passed, self.passed = self.passed, []
        for cell in passed:
            await self._run(cell, self.known[cell.id])

    async def _run(self, cell: NotebookNode, master: ExamCell | None) -> None:
        kind = master.kind if master else None
        cell.outputs = []
        if not await self._ready():
            self._note_overtime()
            return
        with self._clock(f"{kind.value if kind else 'own'} cells"):
            outcome = await self.kernel.run_cell(cell, self._seconds(), self.room)
        if outcome is Ran.ERROR and self._left_out_too_much(_name_errors(cell)):
            await self._catch_up()
            await self._run(cell, master)
            return
        for error in _errors(cell):
            self._note_missing(cell.id, asked_for(error))
        self.room = max(0, self.room - size_of(cell.outputs))
        if self.room < self.limits.output_bytes:
            self._note(
                "The notebook showed nearly all that there is room for: later outputs may be "
                "missing."
            )
        self.count += 1
        cell.execution_count = self.count
        meant = outcome is Ran.ERROR and master is not None and master.fails
        if outcome is not Ran.OK and not self.students_turn and not meant:
            why = next((f": {one_line(error, 200)}" for error in _errors(cell)), "")
            raise InfrastructureError(
                f"The locked cell {cell.id!r} failed before any of the student's "
                f"({outcome.value}{why}). If it is meant to, give it the tag raises-exception."
            )
        if outcome in (Ran.TIMEOUT, Ran.DIED):
            what = "ran longer than its limit" if outcome is Ran.TIMEOUT else "ended the kernel"
            if self.kernel.ended_because:
                what += f" ({self.kernel.ended_because.rstrip('.')})"
            self.result.incidents.append(
                f"The cell {cell.id!r} {what}: it was left out and the rest went on."
            )
            cell.outputs.append(new_output("stream", name="stderr", text=f"[This cell {what}.]\n"))
            self.left_out.add(cell.id)
            # a hang costs its limit once: the hidden tests need not wait for it again
            if kind is Kind.CHECKPOINT:
                exercise = cell.id.removeprefix(CHECKPOINT)
                self.lost[exercise] = f"On the checkpoint's small input the answer {what}."
                self.left_out.add(exercise)
        elif kind in AGAIN:
            self.ran.append(cell)

    def _note_overtime(self) -> None:
        self._note(
            f"The notebook ran longer than {self.limits.notebook_seconds:g} s: what came later "
            "did not run."
        )

    def _note(self, text: str) -> None:
        if text not in self.result.incidents:
            self.result.incidents.append(text)

    def _note_missing(self, where: str, module: str | None) -> None:
        """Say once that a module is not there; of so many that it is no accident, the first."""
        if module and module not in self.missing and len(self.missing) < MODULES:
            self.missing.add(module)
            self._note(f"{where}: {words(module, self.terms.surroundings)}")

    async def _mark(self, cell: NotebookNode, master: ExamCell) -> None:
        if master.exercise in self.lost:
            verdict = self._verdict(master, _Lost(self.lost[master.exercise]))
        elif await self._ready():
            began = monotonic()
            deadline = min(self.deadline, began + self.limits.exercise_seconds)
            student = self._student(deadline)
            ask = partial(self._verdict, master, student)
            try:
                verdict = await asyncio.to_thread(ask)
                if self._left_out_too_much(student.name_errors + self.name_errors):
                    await self._catch_up()
                    verdict = await asyncio.to_thread(ask)
            except Exception as error:  # a check that breaks is our fault, not a lost mark
                raise InfrastructureError(
                    f"The check of {master.exercise!r} broke: {error!r}"
                ) from error
            for module in student.missing:
                self._note_missing(master.exercise, module)
            spent = monotonic() - began
            for name, value in (("probes", student.waited), ("checks", spent - student.waited)):
                self.result.timings[name] = self.result.timings.get(name, 0.0) + value
            if not self.kernel.alive:
                self.result.incidents.append(
                    f"A hidden test of {master.exercise!r} hung or ended the kernel."
                )
                self.left_out.add(master.exercise)
        else:
            self._note_overtime()
            verdict = self._verdict(master, _Lost("The time limit of the notebook was reached."))
        if master.test is not None:
            verdict = self.withhold.verdict(verdict)
            self.ran.append(cell)
        self.result.exercises.append(ExerciseResult(master.exercise, master.points, verdict))
        self.count += 1
        cell.execution_count = self.count
        cell.outputs = verdict_outputs(verdict, self.count)

    def _verdict(self, master: ExamCell, student: Student) -> Verdict:
        """Put a check, or an ordinary test, to the student."""
        watch = self.watch if self.watch and self.watch.exercise == master.exercise else None
        asked = watch.wrap(student) if watch else student
        observe = watch.observe if watch else None
        self.name_errors = []
        if master.test is None:
            return self.checks.run(master.exercise, asked, self.result.seed, observe)
        trial = try_cell(
            master.test, asked, self.result.seed, partial=self.terms.partial_credit, observe=observe
        )
        self.name_errors = trial.name_errors
        self.trials[master.exercise] = trial
        return trial.verdict


def _errors(cell: NotebookNode) -> list[str]:
    return [f"{o.ename}: {o.evalue}" for o in cell.outputs if o.output_type == "error"]


def _name_errors(cell: NotebookNode) -> list[str]:
    return [error for error in _errors(cell) if error.startswith("NameError:")]


def verdict_outputs(verdict: Verdict, count: int) -> list[NotebookNode]:
    """What a test cell shows: the verdict's table, then the points as the one result that nbgrader
    reads."""
    table = new_output("display_data", data=verdict.mimebundle())
    points = new_output(
        "execute_result", data={"text/plain": repr(verdict.points)}, execution_count=count
    )
    return [table, points]
