"""What a child of the audit does: bring an answer to life, mark it with the real check, and tell
what was lost."""

from __future__ import annotations

import ast
import contextlib
import sys
from collections.abc import Sequence
from time import process_time
from typing import Any

from ..checks.base import Check
from ..checks.compare import Missed
from ..door.student import InProcessStudent, ProbeError
from .answers import Answer
from .battery import disagreement
from .chance import Setting
from .outcome import Exercise
from .threads import compute_with

MARK_SECONDS = 60.0
"""One probe of an answer written by hand."""


class Contexts:
    """Namespaces in which the context of answers has run, made once, before any child is born."""

    def __init__(self) -> None:
        self._ready: dict[tuple[str, ...], dict] = {}

    def prepare(self, answer: Answer) -> None:
        if answer.context and answer.context not in self._ready:
            namespace: dict[str, Any] = {"__name__": "__main__"}
            for source in answer.context:
                exec(compile(source, "<context>", "exec"), namespace)
            self._ready[answer.context] = namespace

    def fresh(self, answer: Answer) -> dict[str, Any]:
        """A namespace for `answer`. In a child it is the child's own: the fork has copied it."""
        return dict(self._ready.get(answer.context) or {"__name__": "__main__"})


def student(
    answer: Answer, source: str, contexts: Contexts, seconds: float = MARK_SECONDS
) -> InProcessStudent:
    """Run `source` after the answer's context. What it raises is the student's affair: names are
    missing then."""
    namespace = contexts.fresh(answer)
    with contextlib.suppress(Exception, SystemExit):
        exec(compile(source, f"<{answer.name}>", "exec"), namespace)
    return InProcessStudent(namespace, seconds)


def mark(check: Check, who: InProcessStudent, seed: int) -> dict[str, Any]:
    """Points, and for each criterion that was tried and lost its sentence, in order."""
    began = process_time()
    lost: dict[str, str] = {}
    verdict = check.run(who, seed, lambda name, error: lost.setdefault(name, str(error)))
    messages = {c.name: c.message for c in verdict.criteria if not c.passed}
    return {
        "points": verdict.points,
        "max_points": verdict.max_points,
        "lost": {name: messages.get(name, text) for name, text in lost.items()},
        "seconds": process_time() - began,
    }


def same_start(threads: int = 1, dtype: str = "float32", seed: int = 0) -> None:
    """Threads, default dtype and random numbers of this process, where torch is used at all."""
    compute_with(threads)
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.set_default_dtype(getattr(torch, dtype))
        torch.manual_seed(seed)


def mark_once(
    exercise: Exercise,
    answer: Answer,
    source: str,
    contexts: Contexts,
    seeds: Sequence[int],
    seconds: float,
    compare: bool,
) -> dict[str, Any]:
    """Mark a source with a few seeds, ending at the first that loses points, then put it through
    the battery.

    compare: whether to do the latter. Keys: those of `mark`, and "differs" (None: it agrees with
    the reference).
    """
    same_start()
    began = process_time()
    who = student(answer, source, contexts, seconds)
    loading = process_time() - began
    for seed in seeds:
        found = mark(exercise.check, who, seed)
        if found["lost"]:
            break
    found["seconds"] += loading
    if compare:
        try:
            found["differs"] = disagreement(exercise.battery, exercise.id, who, seeds[0])
        except Exception as error:  # in this process a mutant may have spoilt anything
            found["differs"] = f"the battery broke off ({type(error).__name__})"
    return found


def mark_many(
    exercise: Exercise,
    answer: Answer,
    contexts: Contexts,
    markings: Sequence[tuple[int, Setting]],
) -> list[dict[str, Any]]:
    """Mark a right answer with several seeds and settings. It runs anew for each setting, and where
    it trains for each seed, from other random numbers.

    Where the battery takes `measures`, they come as well ("measures").
    """
    measures = getattr(exercise.battery, "measures", None)
    now, found = None, []
    for seed, setting in markings:
        if setting != now or exercise.check.trains:
            same_start(setting.threads, setting.dtype, seed)
            source = (
                with_other_seeds(answer.source, seed) if exercise.check.trains else answer.source
            )
            who, now = student(answer, source, contexts), setting
        found.append(mark(exercise.check, who, seed))
        if measures:
            with contextlib.suppress(ProbeError, Missed):
                found[-1]["measures"] = measures(who)
    return found


def with_other_seeds(source: str, by: int) -> str:
    """The source with every seed that it sets by hand, of torch or of a generator, moved by `by`:
    chance is what is asked for."""

    class Move(ast.NodeTransformer):
        def visit_Call(self, node: ast.Call) -> ast.AST:
            self.generic_visit(node)
            if (
                isinstance(node.func, ast.Attribute)
                and node.func.attr == "manual_seed"
                and node.args
            ):
                node.args[0] = ast.BinOp(node.args[0], ast.Add(), ast.Constant(by))
            return node

    return ast.unparse(ast.fix_missing_locations(Move().visit(ast.parse(source))))
