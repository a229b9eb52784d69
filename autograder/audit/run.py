"""Runs an audit: everything that is to be marked goes through one pool of children, and is sorted as it comes back."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from time import monotonic
from typing import Any

from ..checks import EXERCISES, load, max_points
from ..limits import InfrastructureError
from . import pool
from .answers import MASTER, TRAINS, Answer, AuditError, Explained, read_answers, read_explained
from .chance import FIXED_INPUTS, repetitions, settings
from .hostile import LIMITS, mark_sandboxed
from .marking import MARK_SECONDS, Contexts, mark_many, mark_once, settle, student
from .mutants import Mutant, mutants, sample
from .outcome import Audit, Exercise, Judged, Marked
from .plan import Plan

HAND_SEEDS = (101, 102)
Progress = Callable[[int, int, str], None]
"""progress(done, all so far, what is being done): called a few times a second."""


class Runner:
    """The state of one audit. workers: children at once; sandbox: "bwrap" or "none"."""

    def __init__(self, folder: Path, masters: dict[str, Answer], plan: Plan, workers: int, sandbox: str):
        self.folder, self.masters, self.plan, self.workers, self.sandbox = (
            folder,
            masters,
            plan,
            workers,
            sandbox,
        )
        self.contexts = Contexts()
        self.answers: dict[str, list[Answer]] = {}
        self.explained: dict[str, list[Explained]] = {}
        self.seconds: dict[tuple[str, str], float] = {}  # what one marking of a right answer takes

    def run(self, assignment: str, exercises: Iterable[str], progress: Progress) -> Audit:
        """Audit these exercises. Raises AuditError, or InfrastructureError when the sandbox cannot be had."""
        began = monotonic()
        found = {exercise: Exercise(exercise, _criteria(exercise)) for exercise in exercises}
        for exercise in found:
            self.answers[exercise] = read_answers(self.folder, exercise)
            self.explained[exercise] = read_explained(self.folder, exercise)
            if exercise in self.masters:
                self.answers[exercise].append(self.masters[exercise])
        progress(0, 0, "loading")
        self._warm()
        for stage, jobs in (
            ("answers written by hand", self._by_hand),
            ("mutants", self._mutants),
            ("right answers again, and hostile ones in the sandbox", self._again),
        ):
            self._stage(stage, list(jobs(found)), found, progress)
        for exercise in found.values():
            self._explain(exercise)
        return Audit(assignment, list(found.values()), seconds=monotonic() - began)

    def _stage(self, stage: str, jobs: list, found: dict[str, Exercise], progress: Progress) -> None:
        done = 0

        def beat() -> None:
            progress(done, len(jobs), stage)

        # what takes long comes first: at the end both cores are busy
        jobs.sort(key=lambda job: -job.seconds)
        for outcome in pool.run(jobs, self.workers, beat):
            done += 1
            exercise, record = outcome.about
            record(found[exercise], outcome)
        beat()

    def _warm(self) -> None:
        """Load here, once, what every child needs: libraries, images, contexts, whatever checks remember."""
        os.environ.setdefault("TQDM_DISABLE", "1")
        import torch

        torch.set_num_threads(1)
        for exercise, answers in self.answers.items():
            for answer in answers:
                try:
                    self.contexts.prepare(answer)
                except Exception as error:
                    raise AuditError(
                        f"The context of {exercise}/{answer.name} does not run: {type(error).__name__}: {error}."
                    ) from error
            if exercise not in TRAINS:
                right = next(a for a in answers if a.kind == "right")
                mark_once(right, right.source, self.contexts, (0,), MARK_SECONDS, compare=True)
            else:
                from .. import reference
                from .battery import images

                reference.kernel_predictions()
                images.aside()
        settle()

    def _chosen(self, exercise: str) -> list[Answer]:
        return [] if exercise in TRAINS and not self.plan.training_answers else self.answers[exercise]

    def _by_hand(self, found: dict[str, Exercise]) -> Iterator[pool.Job]:
        seeds = HAND_SEEDS[: self.plan.seeds_by_hand]
        for exercise in found:
            for answer in self._chosen(exercise):

                def work(answer=answer, exercise=exercise):
                    once = exercise in TRAINS or exercise in FIXED_INPUTS
                    return mark_once(
                        answer,
                        answer.source,
                        self.contexts,
                        seeds[:1] if once else seeds,
                        MARK_SECONDS,
                        False,
                    )

                yield pool.Job((exercise, self._record_hand(answer)), work, 4 * MARK_SECONDS)
            if not self._chosen(exercise):
                found[exercise].notes.append("it trains: left to the full audit")

    def _record_hand(self, answer: Answer) -> Callable[[Exercise, pool.Done], None]:
        def record(exercise: Exercise, done: pool.Done) -> None:
            value = done.value or _nothing(answer.exercise)
            marked = Marked(
                answer.name, answer.title, value["points"], value["max_points"], value["lost"], done.failure
            )
            getattr(exercise, answer.kind).append(marked)
            getattr(exercise, answer.kind).sort(key=lambda a: a.name)
            if answer.kind == "right":
                self.seconds[answer.exercise, answer.name] = value.get("seconds", done.seconds)

        return record

    def _mutants(self, found: dict[str, Exercise]) -> Iterator[pool.Job]:
        plan = self.plan
        for exercise in found:
            seen: set[str] = set()
            made: list[tuple[Answer, Mutant]] = []
            slow = []
            for answer in self._chosen(exercise):
                if answer.kind != "right":
                    continue
                its = [m for m in mutants(answer.name, answer.source) if m.source not in seen]
                seen.update(m.source for m in its)
                found[exercise].made += len(its)
                takes = self.seconds[exercise, answer.name]
                if takes > plan.slow and exercise not in TRAINS:
                    slow.append(answer.name)
                    its = sample(its, plan.slow_mutants)
                made += [(answer, m) for m in its]
            most = plan.training_mutants if exercise in TRAINS else plan.mutants
            kept = {id(m) for m in sample([m for _, m in made], most)}
            if slow:
                found[exercise].notes.append(
                    f"slow to mark, so only {plan.slow_mutants} of the mutants each: {', '.join(slow)}"
                )
            for answer, mutant in made:
                if id(mutant) in kept:
                    yield self._mutant(exercise, answer, mutant)

    def _mutant(self, exercise: str, answer: Answer, mutant: Mutant) -> pool.Job:
        takes = self.seconds[exercise, answer.name]
        patience = 5 + (2 if exercise in TRAINS else 10) * takes

        def work():
            return mark_once(answer, mutant.source, self.contexts, HAND_SEEDS[:1], patience, compare=True)

        def record(found: Exercise, done: pool.Done) -> None:
            value = done.value or _nothing(exercise)
            found.mutants.append(
                Judged(
                    mutant.answer, mutant.kind, mutant.change, mutant.source, value["points"], value["max_points"],
                    list(value["lost"]), done.failure, value.get("differs", "no answer"),
                )
            )  # fmt: skip

        return pool.Job((exercise, record), work, 3 * patience)

    def _again(self, found: dict[str, Exercise]) -> Iterator[pool.Job]:
        for exercise in found:
            chosen = self._chosen(exercise)
            rights = [a for a in chosen if a.kind == "right"]
            if rights:
                chance = found[exercise].chance
                chance.settings = [f"{s.threads} × {s.dtype}" for s in settings(exercise)]
                chance.seeds = self.plan.trainings if exercise in TRAINS else self.plan.seeds
                for repetition in repetitions(exercise, rights, self.plan.seeds, self.plan.trainings):
                    yield self._repetition(exercise, repetition)
            for answer in chosen:
                if answer.kind == "hostile" and self.plan.sandbox:
                    yield self._sandboxed(answer)

    def _repetition(self, exercise: str, repetition) -> pool.Job:
        answer, setting, seeds = repetition.answer, repetition.setting, repetition.seeds

        def work():
            return mark_many(answer, self.contexts, seeds, setting.threads, setting.dtype, exercise in TRAINS)

        def record(found: Exercise, done: pool.Done) -> None:
            chance = found.chance
            where = {"answer": answer.name, "threads": setting.threads, "dtype": setting.dtype}
            for value in done.value or [{"seed": s, "lost": {"": done.failure}} for s in seeds]:
                chance.trials += 1
                if value["lost"]:
                    chance.fails.append(where | {"seed": value["seed"], "lost": value["lost"]})
                if "measures" in value:
                    chance.measures.append(where | {"seed": value["seed"]} | value["measures"])

        seconds = 60 + 20 * len(seeds) * max(1.0, self.seconds[exercise, answer.name])
        return pool.Job((exercise, record), work, seconds)

    def _sandboxed(self, answer: Answer) -> pool.Job:
        def work():
            return mark_sandboxed(answer, HAND_SEEDS[0], self.sandbox)

        def record(found: Exercise, done: pool.Done) -> None:
            marked = next(a for a in found.hostile if a.name == answer.name)
            if done.value is None:
                raise InfrastructureError(
                    f"{answer.exercise}/{answer.name} could not be marked in the sandbox: {done.failure}."
                )
            marked.sandboxed, marked.incidents = done.value["points"], done.value["incidents"]

        return pool.Job((answer.exercise, record), work, 2 * LIMITS.notebook_seconds)

    def _explain(self, exercise: Exercise) -> None:
        """Give survivors their reasons, and note the reasons that belong to none."""
        waiting = {(e.answer, e.change): e.reason for e in self.explained[exercise.id]}
        for mutant in exercise.survivors:
            mutant.reason = waiting.get((mutant.answer, mutant.change))
        tried = {(m.answer, m.change) for m in exercise.mutants}
        surviving = {(m.answer, m.change) for m in exercise.survivors}
        exercise.stale = [f"{a}: {c}" for a, c in waiting if (a, c) in tried - surviving]


def _criteria(exercise: str) -> dict[str, float]:
    return {rule.name: rule.points for rule in load(exercise).rules}


def _nothing(exercise: str) -> dict[str, Any]:
    return {"points": 0.0, "max_points": max_points(exercise), "lost": {}}


__all__ = ["EXERCISES", "MASTER", "Runner", "student"]
