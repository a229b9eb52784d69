"""An assignment with ordinary tests, put to the test: do they accept the masters, reject what is
released, and notice a slip of the pen in the masters' answers?

Everything is marked as a submission is, in the sandbox. Nobody has written wrong answers for such
an assignment: mutants of the masters' own answers stand for them.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import Any

import nbformat

from ..assignment.exam import Exam, ExamNotebook, Kind
from ..checks.ordinary.trial import WHOLE
from ..errors import InfrastructureError
from ..marking.mark import mark
from ..marking.result import Result, Status
from ..marking.terms import Terms
from .mutants import Mutant, mutants, sample

Progress = Callable[[str, int, int], None]
MUTANTS = 20  # of each answer
PATIENCE = 5.0  # a mutant may take so many times as long as the master,
SECONDS = 10.0  # and at least so long, before it counts as hung
Place = tuple[str, str]
"""A test and one of its criteria."""


@dataclass(frozen=True)
class TriedMutant:
    """A mutant of a master's answer, and what noticed it (nothing: it survives)."""

    notebook: str
    mutant: Mutant
    lost: tuple[Place, ...]

    @property
    def killed(self) -> bool:
        return bool(self.lost)


@dataclass
class TestFacts:
    """One ordinary test: its points, what the master and the released stub get, how many mutants
    it notices, and how many nobody else does."""

    __test__ = False

    exercise: str
    points: float
    master: float = 0.0
    stub: float = 0.0
    noticed: int = 0
    alone: int = 0


@dataclass
class OrdinaryAudit:
    """What was found out about an assignment's ordinary tests."""

    assignment: str
    tests: dict[str, TestFacts]
    mutants: list[TriedMutant] = field(default_factory=list)
    said: dict[str, str] = field(default_factory=dict)
    """{answer that has no mutants: why}"""
    master_lost: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def survivors(self) -> list[TriedMutant]:
        return [m for m in self.mutants if not m.killed]

    def criteria(self) -> Counter[Place]:
        """How many mutants each criterion notices; the whole test counts where nothing else of it
        did."""
        found: Counter[Place] = Counter()
        for m in self.mutants:
            by_line = {test for test, name in m.lost if name != WHOLE}
            found.update((t, name) for t, name in m.lost if name != WHOLE or t not in by_line)
        return found

    def faults(self) -> list[str]:
        """What is wrong with the tests for certain, one sentence each."""
        found = [f"The master does not pass: {text}" for text in self.master_lost]
        found += [
            f"{t.exercise}: what is released earns {t.stub:g} of {t.points:g} points without an "
            "answer."
            for t in self.tests.values()
            if t.stub > 0
        ]
        return found

    def to_json(self) -> dict[str, Any]:
        return {
            "assignment": self.assignment,
            "tests": [vars(test) for test in self.tests.values()],
            "mutants": len(self.mutants),
            "killed": len(self.mutants) - len(self.survivors),
            "survivors": [
                {"notebook": m.notebook, "answer": m.mutant.answer, "change": m.mutant.change}
                for m in self.survivors
            ],
            "not_mutated": self.said,
            "faults": self.faults(),
            "seconds": round(self.seconds, 1),
        }


def has_ordinary(exam: Exam) -> bool:
    return any(cell.test is not None for n in exam.notebooks for cell in n.graded())


def audit_ordinary(
    exam: Exam,
    terms: Terms,
    most: int | None = MUTANTS,
    workers: int = 2,
    progress: Progress = lambda stage, done, total: None,
) -> OrdinaryAudit:
    """Put the ordinary tests of an assignment to the test. most: mutants of each answer (None: all
    of them). Raises InfrastructureError when nothing can be marked."""
    began = monotonic()
    tests = {
        cell.exercise: TestFacts(cell.exercise, cell.points)
        for notebook in exam.notebooks
        for cell in notebook.graded()
        if cell.test is not None
    }
    audit = OrdinaryAudit(exam.assignment, tests)
    progress("the masters and what is released", 0, 2)
    whole = replace(terms, demonstrations="run")
    master = _marked(exam, whole, _masters(exam))
    progress("the masters and what is released", 1, 2)
    stub = _marked(exam, whole, {n.name: _with_stubs(n) for n in exam.notebooks})
    for result, name in ((master, "master"), (stub, "stub")):
        for exercise in (e for n in result.notebooks for e in n.exercises):
            if exercise.id in tests:
                setattr(tests[exercise.id], name, exercise.points)
    audit.master_lost = [f"{test}: {name}" for test, name in _lost(master)]
    patience = max(SECONDS, PATIENCE * master.seconds)
    limits = replace(
        terms.limits, cell_seconds=patience, probe_seconds=patience, exercise_seconds=patience
    )
    jobs = list(_jobs(exam, most, audit.said))
    terms = replace(terms, limits=limits)
    with ThreadPoolExecutor(workers) as pool:
        waiting = {
            pool.submit(_tried, exam, terms, notebook, mutant, text): mutant.rank
            for notebook, mutant, text in jobs
        }
        try:
            for done, future in enumerate(as_completed(waiting), start=1):
                audit.mutants.append(future.result())
                progress("mutants of the masters' answers", done, len(jobs))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    audit.mutants.sort(key=lambda m: (m.notebook, m.mutant.answer, m.mutant.rank))
    for tried in audit.mutants:
        noticed = {test for test, _ in tried.lost if test in tests}
        for test in noticed:
            tests[test].noticed += 1
            tests[test].alone += len(noticed) == 1
    audit.seconds = monotonic() - began
    return audit


def _jobs(
    exam: Exam, most: int | None, said: dict[str, str]
) -> Iterator[tuple[str, Mutant, bytes]]:
    for notebook in exam.notebooks:
        if not any(cell.test is not None for cell in notebook.graded()):
            continue
        fresh = notebook.fresh()
        for cell, master in zip(fresh.cells, notebook.cells, strict=True):
            if master.kind is not Kind.SOLUTION:
                continue
            before = cell.source
            try:
                made = sample(mutants(master.id, before), most)
            except SyntaxError:
                said[master.id] = "it is no plain Python"
                continue
            if not made:
                said[master.id] = "nothing in it can be changed"
            for mutant in made:
                cell.source = mutant.source
                yield notebook.name, mutant, nbformat.writes(fresh).encode()
            cell.source = before


def _tried(exam: Exam, terms: Terms, notebook: str, mutant: Mutant, text: bytes) -> TriedMutant:
    result = _marked(exam.only({notebook}), terms, {notebook: text})
    return TriedMutant(notebook, mutant, tuple(_lost(result)))


def _marked(exam: Exam, terms: Terms, files: dict[str, bytes | None]) -> Result:
    result = mark(exam, files, terms, at_once=min(2, os.cpu_count() or 1))
    if result.status is Status.INFRASTRUCTURE_ERROR:
        raise InfrastructureError(" ".join(result.incidents))
    return result


def _lost(result: Result) -> Iterator[Place]:
    for exercise in (e for n in result.notebooks for e in n.exercises):
        criteria = exercise.verdict.criteria if exercise.verdict else ()
        if exercise.points < exercise.max_points or not all(c.passed for c in criteria):
            yield from ((exercise.id, c.name) for c in criteria if not c.passed)


def _masters(exam: Exam) -> dict[str, bytes | None]:
    return {n.name: nbformat.writes(n.fresh()).encode() for n in exam.notebooks}


def _with_stubs(notebook: ExamNotebook) -> bytes:
    fresh = notebook.fresh()
    for cell, master in zip(fresh.cells, notebook.cells, strict=True):
        cell.source = master.stub
    return nbformat.writes(fresh).encode()
