"""What an audit marks, as jobs for the pool. Each job's `about` puts its outcome into the exercise
that it belongs to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..errors import InfrastructureError
from .answers import Answer
from .chance import Repetition, repetitions, settings
from .child import MARK_SECONDS, Contexts, mark_many, mark_once
from .hostile import LIMITS, Where, mark_sandboxed
from .mutants import Mutant, mutants, sample
from .outcome import Exercise, Judged, Marked
from .plan import Plan
from .pool import Done, Job

SEEDS = (101,)


@dataclass
class Costly(Job):
    """A job, and about how long it takes (s)."""

    cost: float = 0.0


def by_hand(exercise: Exercise, contexts: Contexts, plan: Plan, where: Where) -> Iterator[Costly]:
    """Each answer once, in process."""
    for answer in exercise.answers:

        def work(answer: Answer = answer) -> dict[str, Any]:
            return mark_once(
                exercise, answer, answer.source, contexts, SEEDS, MARK_SECONDS, compare=False
            )

        def record(done: Done, answer: Answer = answer) -> None:
            value = done.value or nothing(exercise)
            points, all_of_them, lost = value["points"], value["max_points"], value["lost"]
            exercise.add(
                answer.kind,
                Marked(answer.name, answer.title, points, all_of_them, lost, done.failure),
            )
            exercise.seconds[answer.name] = value.get("seconds", done.seconds)

        yield Costly(record, work, 4 * MARK_SECONDS, cost=exercise.check.trains)


def mutated(exercise: Exercise, contexts: Contexts, plan: Plan, where: Where) -> Iterator[Costly]:
    """Mutants of the right answers: all of them, or the sample that the plan allows."""
    if exercise.check.trains and not plan.trainings:
        exercise.notes.append(
            "each mutant and each repetition costs a training: left to the full audit"
        )
        return
    made: list[tuple[Answer, Mutant]] = []
    seen: set[str] = set()
    for answer in exercise.answers:
        if answer.kind == "right":
            its = [m for m in mutants(answer.name, answer.source) if m.source not in seen]
            seen.update(m.source for m in its)
            exercise.made += len(its)
            if is_slow(exercise, answer, plan):
                its = sample(its, plan.slow_mutants)
                exercise.notes.append(f"slow to mark, only {len(its)} mutants: {answer.name}")
            made += [(answer, m) for m in its]
    most = plan.training_mutants if exercise.check.trains else plan.mutants
    chosen = {m.source for m in sample([m for _, m in made], most)}
    for answer, mutant in made:
        if mutant.source in chosen:
            yield _mutant(exercise, answer, mutant, contexts)


def _mutant(exercise: Exercise, answer: Answer, mutant: Mutant, contexts: Contexts) -> Costly:
    takes = exercise.seconds[answer.name]
    patience = 5 + (4 if exercise.check.trains else 20) * takes

    def work() -> dict[str, Any]:
        return mark_once(exercise, answer, mutant.source, contexts, SEEDS, patience, compare=True)

    def record(done: Done) -> None:
        value = done.value or nothing(exercise)
        exercise.mutants.append(
            Judged(
                mutant.answer,
                mutant.kind,
                mutant.change,
                mutant.source,
                value["points"],
                value["max_points"],
                list(value["lost"]),
                done.failure,
                value.get("differs", "no answer"),
            )
        )

    return Costly(record, work, 2 * patience, cost=takes)


def again(exercise: Exercise, contexts: Contexts, plan: Plan, where: Where) -> Iterator[Costly]:
    """Right answers over seeds and settings, and hostile ones in the sandbox."""
    rights = [a for a in exercise.answers if a.kind == "right"]
    slow = [a for a in rights if is_slow(exercise, a, plan)]
    if rights:
        quick = [a for a in rights if a not in slow] or [slow.pop()]
        exercise.chance.settings = [f"{s.threads} × {s.dtype}" for s in settings(exercise.check)]
        exercise.chance.seeds = plan.trainings if exercise.check.trains else plan.seeds
        for repetition in repetitions(exercise.check, quick, slow, plan.seeds, plan.trainings):
            yield _repetition(exercise, repetition, contexts)
    for answer in exercise.answers:
        if answer.kind == "hostile" and plan.sandbox:
            yield _sandboxed(exercise, answer, where)


def _repetition(exercise: Exercise, repetition: Repetition, contexts: Contexts) -> Costly:
    answer, markings = repetition.answer, repetition.markings

    def work() -> list[dict[str, Any]]:
        return mark_many(exercise, answer, contexts, markings)

    def record(done: Done) -> None:
        values = done.value or [{"lost": {"": done.failure}}] * len(markings)
        for (seed, setting), value in zip(markings, values, strict=True):
            told = {
                "answer": answer.name,
                "seed": seed,
                "threads": setting.threads,
                "dtype": setting.dtype,
            }
            exercise.chance.trials += 1
            if value["lost"]:
                exercise.chance.fails.append(told | {"lost": value["lost"]})
            if "measures" in value:
                exercise.chance.measures.append(told | value["measures"])

    cost = len(markings) * exercise.seconds[answer.name]
    return Costly(record, work, 120 + 20 * cost, cost=cost)


def _sandboxed(exercise: Exercise, answer: Answer, where: Where) -> Costly:
    def work() -> dict[str, Any]:
        return mark_sandboxed(exercise.check, answer, SEEDS[0], where)

    def record(done: Done) -> None:
        if done.value is None:
            raise InfrastructureError(
                f"{exercise.id}/{answer.name} could not be marked in the sandbox: {done.failure}."
            )
        marked = next(a for a in exercise.hostile if a.name == answer.name)
        marked.sandboxed, marked.incidents = done.value["points"], done.value["incidents"]

    return Costly(record, work, 2 * LIMITS.notebook_seconds, cost=5.0)


def is_slow(exercise: Exercise, answer: Answer, plan: Plan) -> bool:
    return exercise.seconds[answer.name] > plan.slow and not exercise.check.trains


def nothing(exercise: Exercise) -> dict[str, Any]:
    """What is known of an answer whose child came to no end: it earned nothing."""
    return {"points": 0.0, "max_points": exercise.check.max_points, "lost": {}}
