"""Runs an audit: whatever is to be marked goes through one pool of children, and is sorted as it
comes back."""

from __future__ import annotations

import gc
import os
import resource
from collections.abc import Callable, Iterable
from pathlib import Path
from time import monotonic

from ..checks.registry import Registry
from . import jobs, pool
from .answers import Answer, AuditError, read_answers, read_explained
from .child import MARK_SECONDS, Contexts, mark_once, same_start
from .hostile import Where
from .outcome import Audit, Exercise
from .plan import Plan

Progress = Callable[[str, int, int], None]
"""progress(stage, done, all of this stage): called a few times a second."""


def audit(
    assignment: str,
    exercises: Iterable[str],
    folder: Path,
    masters: dict[str, Answer],
    plan: Plan,
    where: Where,
    workers: int = 2,
    progress: Progress = lambda stage, done, total: None,
) -> Audit:
    """Put the hidden tests of these exercises to the test.

    folder: where the answers are; masters: {exercise: the master's answer}; where: the checks, and
    the terms under which hostile answers are marked. Computes with one thread here, and must be
    called from a process that has done so only (it forks). Raises AuditError, or
    InfrastructureError when the sandbox cannot be had.
    """
    began = monotonic()
    progress("loading", 0, 0)
    found = [_exercise(name, folder, masters, where.checks) for name in exercises]
    contexts = _warm(found)
    for stage, make in (
        ("answers written by hand", jobs.by_hand),
        ("mutants", jobs.mutated),
        ("repetitions, and hostile answers in the sandbox", jobs.again),
    ):
        todo = [job for exercise in found for job in make(exercise, contexts, plan, where)]
        # what takes long comes first: at the end no core waits
        todo.sort(key=lambda job: -job.cost)
        done = 0
        for outcome in pool.run(todo, workers, lambda: progress(stage, done, len(todo))):  # noqa: B023
            outcome.about(outcome)
            done += 1
        progress(stage, done, len(todo))
    for exercise in found:
        explain(exercise, folder)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Audit(
        assignment,
        found,
        monotonic() - began,
        workers=workers,
        cpu_seconds=used.ru_utime + used.ru_stime,
    )


def _exercise(name: str, folder: Path, masters: dict[str, Answer], checks: Registry) -> Exercise:
    answers = read_answers(folder, name)
    if name in masters:
        answers.append(masters[name])
    if not any(a.kind == "right" for a in answers):
        raise AuditError(f"{folder / name} holds no right answer: write one, right-<style>.py.")
    return Exercise(checks.load(name), checks.battery(name), answers)


def _warm(found: list[Exercise]) -> Contexts:
    """Load here, once, what every child needs: libraries, images, contexts, whatever checks
    remember."""
    os.environ.setdefault("TQDM_DISABLE", "1")
    same_start()
    contexts = Contexts()
    for exercise in found:
        for answer in exercise.answers:
            try:
                contexts.prepare(answer)
            except Exception as error:
                raise AuditError(
                    f"The context of {exercise.id}/{answer.name} does not run: "
                    f"{type(error).__name__}: {error}."
                ) from error
        warm = getattr(exercise.battery, "warm", None)
        if warm is not None:
            warm()
        if not exercise.check.trains:
            right = next(a for a in exercise.answers if a.kind == "right")
            mark_once(exercise, right, right.source, contexts, (0,), MARK_SECONDS, compare=True)
    same_start()
    gc.collect()
    gc.freeze()  # children then copy fewer pages
    return contexts


def explain(exercise: Exercise, folder: Path) -> None:
    """Give survivors the reasons that survivors.toml has for them, and note the reasons that belong
    to none."""
    reasons = {(e.answer, e.change): e.reason for e in read_explained(folder, exercise.id)}
    for mutant in exercise.survivors:
        mutant.reason = reasons.get((mutant.answer, mutant.change))
    surviving = {(m.answer, m.change) for m in exercise.survivors}
    tried = {(m.answer, m.change) for m in exercise.mutants}
    exercise.stale = [f"{a}: {c}" for a, c in reasons if (a, c) in tried - surviving]
