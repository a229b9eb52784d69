"""The answers in tests/answers, and how they are marked here: each in a forked child, so that a
hostile one that patches torch or NumPy leaves this process as it is."""

from __future__ import annotations

import atexit
import json
import shutil
import tempfile
import traceback
from functools import cache
from pathlib import Path

import numpy as np

from autograder.audit import pool
from autograder.checks.compare import Missed
from autograder.checks.verdict import Verdict
from autograder.door.student import InProcessStudent
from tests.helpers.lab import run_check

ANSWERS = Path(__file__).resolve().parent.parent / "answers"
CHILD_SECONDS = 600


def answers(kind: str, exercise: str = "*") -> list[tuple[str, str]]:
    """(exercise, file name without suffix) of every answer of a kind: right, wrong or hostile."""
    return [
        (path.parent.name, path.stem) for path in sorted(ANSWERS.glob(f"{exercise}/{kind}-*.py"))
    ]


def load(exercise: str, name: str, namespace: dict | None = None) -> dict:
    """Run an answer, after what earlier cells define, and return its namespace. What a given
    namespace holds already is not defined anew by the answer's context."""
    namespace = {"__name__": "__main__"} if namespace is None else namespace
    context = ANSWERS / exercise / "context.py"
    if context.exists():
        earlier = dict(namespace)
        exec(compile(context.read_text(), context.name, "exec"), namespace)
        namespace.update(earlier)
    path = ANSWERS / exercise / f"{name}.py"
    exec(compile(path.read_text(), path.name, "exec"), namespace)
    return namespace


@cache
def warm() -> None:
    """What every child needs is loaded once, here: torch's optimisers alone take two seconds."""
    import torch

    from autograder.lab import reference

    torch.set_num_threads(1)
    namespace = load("train", "right-reference")
    run_check("train", InProcessStudent(namespace), 0)
    reference.kernel_predictions()


@cache
def audited() -> Path:
    """The folder of verdicts which `tests.helpers.audited` writes when the test of the audit has
    run before, in this process."""
    folder = Path(tempfile.mkdtemp(prefix="audited-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


# {exercise, answer, seed: {lost criterion: what an observer was told}}, of the answers that were
# marked here.
TOLD: dict[tuple[str, str, int], dict[str, dict]] = {}


def about(error: Exception) -> dict:
    """What an observer is told of a lost criterion, as JSON: its sentence, and whether it got both
    sides of a comparison as double-precision numbers (None: the criterion was lost otherwise)."""
    if not isinstance(error, Missed):
        return {"says": str(error), "numbers": None}
    both = (error.found, error.expected)
    return {
        "says": str(error),
        "numbers": all(
            isinstance(v, float) or getattr(v, "dtype", None) == np.float64 for v in both
        ),
    }


@cache
def marked(exercise: str, name: str, seeds: tuple[int, ...]) -> tuple[Verdict, ...]:
    """The verdicts on one answer, one for each seed."""
    kept = {seed: audited() / exercise / f"{name}-{seed}.json" for seed in seeds}
    found = {seed: json.loads(path.read_text()) for seed, path in kept.items() if path.exists()}
    left = [seed for seed in seeds if seed not in found]

    def work() -> list:
        student, done = InProcessStudent(load(exercise, name)), []
        for seed in left:
            lost: dict[str, Exception] = {}
            verdict = run_check(exercise, student, seed, lost.__setitem__).to_json()
            done.append((verdict, {criterion: about(error) for criterion, error in lost.items()}))
        return done

    if left:
        for seed, (verdict, lost) in zip(left, forked(work), strict=True):
            found[seed], TOLD[exercise, name, seed] = verdict, lost
    return tuple(Verdict.from_json(exercise, found[seed]) for seed in seeds)


def forked(work):
    """`work()` in a child process; its result, which must be JSON. Torch runs one thread, so
    forking is safe."""
    warm()

    def told() -> dict:
        try:
            return {"done": json.loads(json.dumps(work()))}
        except Exception:
            return {"raised": traceback.format_exc()}

    [ended] = pool.run([pool.Job(None, told, CHILD_SECONDS)], workers=1)
    assert ended.failure is None, f"the child ended without an answer: {ended.failure}"
    assert "done" in ended.value, ended.value["raised"]
    return ended.value["done"]
