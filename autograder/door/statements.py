"""Runs some statements of an ordinary test cell beside the student's code: a probe.

Sent as text, so it uses nothing but the standard library and NumPy. Nothing of what it says is
trusted by the grader.
"""

import ast
import asyncio
import contextlib
import inspect
import io
import logging
import numbers
import sys
import threading
from collections.abc import Iterator
from typing import Any

import numpy


class Noise(io.TextIOBase):
    """Standard error: how much is written there is all that matters."""

    size = 0

    def write(self, text: str) -> int:
        self.size += len(text)
        return len(text)


class Kept:
    """What stays from one probe to the next: a logger may hold the one, a task live in the
    other."""

    def __init__(self) -> None:
        self.noise, self.loop = Noise(), asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()


def kept() -> Kept:
    found = getattr(sys, "_ntk_kept", None)
    if found is None:
        found = Kept()
        setattr(sys, "_ntk_kept", found)  # noqa: B010
    return found


def evaluate(statement: ast.stmt, namespace: dict, *, value: bool, within: Any = None) -> Any:
    """Run one statement among the student's names; its value where it is an expression. within: a
    loop that runs in another thread, where the statement runs then: the kernel's own is busy."""
    tree: Any = ast.Module([statement], [])
    if value and isinstance(statement, ast.Expr):
        tree = ast.Expression(statement.value)
    mode = "eval" if isinstance(tree, ast.Expression) else "exec"
    code = compile(tree, "<test>", mode, ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    if within is None:
        return eval(code, namespace)
    box: dict = {}

    async def work() -> None:
        try:
            found = eval(code, namespace)
            box["value"] = await found if code.co_flags & inspect.CO_COROUTINE else found
        except BaseException as error:  # SystemExit would end the loop
            box["error"] = error

    asyncio.run_coroutine_threadsafe(work(), within).result()
    error = box.pop("error", None)
    if error is None:
        return box["value"]
    try:
        raise error
    finally:  # no circle: what the failed statement held goes now, not in the middle of another
        del error


@contextlib.contextmanager
def heard(noise: Noise) -> Iterator[None]:
    """Hear also what loggers write that hold the kernel's standard error."""
    handlers: list = [ref() for ref in getattr(logging, "_handlerList", ())]
    held = [(h, h.stream) for h in handlers if _to_stderr(getattr(h, "stream", None))]
    for handler, _ in held:
        handler.stream = noise
    try:
        with contextlib.redirect_stderr(noise):
            yield
    finally:
        for handler, stream in held:
            handler.stream = stream


def _to_stderr(stream: Any) -> bool:
    return not isinstance(stream, Noise) and getattr(stream, "name", "") in ("stderr", "<stderr>")


def described(value: Any) -> Any:
    """A number as text; "number" for what only looks like one; None for anything else."""
    if value is None or isinstance(value, bool | numpy.bool_):
        return None
    if isinstance(value, numbers.Real | numpy.number) or getattr(value, "shape", None) == ():
        with contextlib.suppress(Exception):
            return repr(float(value))
    try:
        float(repr(value))
    except Exception:
        return None
    return "number"


def attempt(steps: list, last: int, waits: bool, namespace: dict) -> tuple:
    """Try the statements `steps`, each [its text, whether nothing more is tried when it fails].
    waits: whether they are part of a cell that is asynchronous. Returns [held, kind of error, its
    message] of each, what the value of step `last` is, and how much was written on standard
    error."""
    outcomes, value, noise = [], None, kept().noise
    before, within = noise.size, kept().loop if waits else None
    namespace.pop("__warningregistry__", None)  # as IPython does: each cell warns anew
    with heard(noise):
        for place, (text, stops) in enumerate(steps):
            try:
                (statement,) = ast.parse(text).body
                found = evaluate(statement, namespace, value=place == last, within=within)
                value = described(found) if place == last else value
                outcomes.append([True, "", ""])
            except BaseException as error:  # also SystemExit: a test that ends so has not held
                outcomes.append([False, type(error).__name__, str(error)[:2000]])
                if stops:
                    break
    return outcomes, value, noise.size - before
