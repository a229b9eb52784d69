"""The notebook around a checkpoint: its cells as they were run, and a checkpoint that asks for a
name that nobody has defined yet."""

from __future__ import annotations

import ast
import os
import sys
import textwrap
from types import TracebackType
from typing import Any

from ._imports import absent, fails

WIDTH = 80  # Validate cuts longer lines
# put together when it runs: a release with the marker in it is refused, compiled files too
HIDDEN = "### BEGIN-HIDDEN-TESTS".replace("-", " ")


def wrapped(text: str) -> list[str]:
    """Break a text into lines that Validate shows whole."""
    return textwrap.wrap(text, WIDTH, subsequent_indent="  ")


class Notebook:
    """What a running notebook has executed since its first import of the checkpoints.

    cells: their code as syntax trees; a cell that is run again takes its own place.
    """

    def __init__(self, shell: Any, checkpoint: Any) -> None:
        self.shell, self.checkpoint = shell, checkpoint
        self.cells: dict[Any, ast.Module] = {}
        self.now = ast.Module([], [])
        self.told: set[str] = set()
        shell.events.register("pre_run_cell", self._before)
        if not shell.custom_exceptions:  # somebody else's handler is left alone
            shell.set_custom_exc((NameError,), self._name_error)

    def remarks(self) -> list[str]:
        """What to say of modules that the cells import and that marking will not have."""
        return list(dict.fromkeys(text for tree in self.cells.values() for text in absent(tree)))

    def unheard(self) -> str:
        """The same in nbgrader's Validate, which shows nothing of a cell that passes: each remark
        once, all in one."""
        if os.environ.get("NBGRADER_VALIDATING") != "1":
            return ""
        new = [text for text in self.remarks() if text not in self.told]
        self.told.update(new)
        return " ".join(new)

    def _before(self, info: Any) -> None:
        if HIDDEN in info.raw_cell:  # a master's, with what its author alone has
            return
        try:
            self.now = ast.parse(self.shell.transform_cell(info.raw_cell))
        except Exception:  # code that cannot be read runs nothing
            self.now = ast.Module([], [])
        key = getattr(info, "cell_id", None) or len(self.cells)
        self.cells.pop(key, None)
        self.cells[key] = self.now

    def _name_error(
        self,
        shell: Any,
        kind: type[BaseException],
        error: NameError,
        trace: TracebackType | None,
        tb_offset: int | None = None,
    ) -> None:
        """IPython's handler of a NameError: a checkpoint's own becomes a few lines, any other is
        shown as ever."""
        try:
            lines = self._lines(error, trace)
        except Exception:  # nothing here may cost a student the ordinary message
            lines = []
        if lines:
            error._render_traceback_ = lambda: lines  # type: ignore[attr-defined]
        shell.showtraceback((kind, error, trace), tb_offset=tb_offset, running_compiled_code=True)

    def _lines(self, error: NameError, trace: TracebackType | None) -> list[str]:
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        if trace is None or trace.tb_frame.f_code.co_name != "<module>":
            return []  # within a function, or within what the checkpoint called
        asked = self._asked(trace.tb_lineno)
        if trace.tb_frame.f_globals is not self.shell.user_ns or error.name not in asked:
            return []
        for text in self._why(error.name):
            self.told.add(text)
            return wrapped(f"Not yet. {text}")
        what = "a cell further up makes it: run that cell, then this one again."
        if asked[0] == error.name:
            what = "finish the answer that defines it, run its cell, then this one again."
        return ["Not yet.", *wrapped(f"  `{error.name}` is not defined yet: {what}")]

    def _asked(self, line: int) -> list[str]:
        """The names that a checkpoint in this line of the running cell is called with, "" for what
        is no name."""
        for node in ast.walk(self.now):
            if isinstance(node, ast.Call) and node.lineno <= line <= (node.end_lineno or line):
                name = node.func.id if isinstance(node.func, ast.Name) else ""
                if self.shell.user_ns.get(name) is self.checkpoint:
                    return [arg.id if isinstance(arg, ast.Name) else "" for arg in node.args[1:]]
        return []

    def _why(self, name: str) -> list[str]:
        """What is missing to the cell that was to define a name, if an import stopped it."""
        for tree in reversed(self.cells.values()):
            if name in _binds(tree):
                return fails(tree)
        return []


def _binds(tree: ast.Module) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
    return found


def running(checkpoint: Any) -> Notebook | None:
    """The notebook that runs here; None outside of IPython."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return Notebook(shell, checkpoint) if shell is not None else None
