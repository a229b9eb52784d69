"""Runs some statements of an ordinary test cell beside the student's code: a probe.

Sent as text, so it uses nothing but the standard library and NumPy. Nothing of what it says is
trusted by the grader.
"""

import ast
import asyncio
import contextlib
import inspect
import io
import numbers
import threading
from typing import Any

import numpy


class Noise(io.TextIOBase):
    """Standard error: how much is written there is all that matters."""

    size = 0

    def write(self, text: str) -> int:
        self.size += len(text)
        return len(text)


def evaluate(statement: ast.stmt, namespace: dict, *, value: bool) -> Any:
    """Run one statement among the student's names; its value where it is an expression."""
    tree: Any = ast.Module([statement], [])
    if value and isinstance(statement, ast.Expr):
        tree = ast.Expression(statement.value)
    mode = "eval" if isinstance(tree, ast.Expression) else "exec"
    code = compile(tree, "<test>", mode, ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    found = eval(code, namespace)
    return _awaited(found) if code.co_flags & inspect.CO_COROUTINE else found


def _awaited(work: Any) -> Any:
    """The result of a coroutine, in a thread of its own: the kernel's own loop is running."""
    box: dict = {}

    def target() -> None:
        try:
            box["value"] = asyncio.run(work)
        except BaseException as error:
            box["error"] = error

    thread = threading.Thread(target=target)
    thread.start()
    thread.join()
    if "error" in box:
        raise box["error"]
    return box["value"]


def described(value: Any) -> Any:
    """A number as text; "number" for what only looks like one; None for anything else."""
    if value is None or isinstance(value, bool | numpy.bool_):
        return None
    if isinstance(value, numbers.Real | numpy.number):
        return repr(float(value))
    try:
        float(repr(value))
    except Exception:
        return None
    return "number"


def attempt(source: str, steps: list, last: int, namespace: dict) -> tuple:
    """Try statements of the cell `source`: each step is [the number of one, or the text of another,
    and whether nothing more is tried when it fails]. Returns [held, kind of error, its message] of
    each, what the value of statement `last` is, and how much was written on standard error."""
    outcomes, value, noise = [], None, Noise()
    with contextlib.redirect_stderr(noise):
        statements = ast.parse(source).body
        for what, stops in steps:
            statement = statements[what] if isinstance(what, int) else ast.parse(what).body[0]
            try:
                found = evaluate(statement, namespace, value=what == last)
                value = described(found) if what == last else value
                outcomes.append([True, "", ""])
            except BaseException as error:  # also SystemExit: a test that ends so has not held
                outcomes.append([False, type(error).__name__, str(error)[:2000]])
                if stops:
                    break
    return outcomes, value, noise.size
