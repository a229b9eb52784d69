"""Checkpoints: instant feedback on an answer, before anything is handed in.

``checkpoint("<exercise>", *objects)`` looks at shapes, a known value, a symmetry: enough to say
"you are on the right track", never enough to give the answer away. One module an exercise, each
with a function ``run(*objects)`` that returns one line, or raises `CheckpointFailed`.
"""

from __future__ import annotations

import re
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from ntk_helpers.packages import missing

from ._notebook import running, wrapped


class CheckpointFailed(Exception):
    """An answer is not there yet: what was expected, what was found, what to look at first.

    Jupyter shows the three lines alone, without a traceback.
    """

    def __init__(self, expected: Any, found: Any, hint: str = "") -> None:
        self.expected, self.found, self.hint = str(expected), str(found), str(hint)
        super().__init__("\n".join(self.lines()))

    def lines(self) -> list[str]:
        """Return the message as a list of lines."""
        lines = ["Not yet.", f"  expected: {self.expected}", f"  found:    {self.found}"]
        return lines + ([f"  look at:  {self.hint}"] if self.hint else [])

    def _render_traceback_(
        self,
    ) -> list[str]:  # IPython shows what this returns in place of a traceback
        return self.lines()


class _Absent(CheckpointFailed):
    """A module is not there, or will not be there when the notebook is marked."""

    def __init__(self, words: str) -> None:
        self.words = words
        super().__init__("", "")

    def lines(self) -> list[str]:
        return wrapped(f"Not yet. {self.words}")


def checkpoint(exercise: str, *objects: Any) -> None:
    """Run the checkpoint of an exercise on the student's objects; print one line, or raise
    `CheckpointFailed`."""
    known = sorted(
        module.name for module in iter_modules(__path__) if not module.name.startswith("_")
    )
    if exercise not in known:
        raise ValueError(f"no checkpoint is called {exercise!r}: there are {', '.join(known)}")
    run = import_module(f"{__name__}.{exercise}").run
    try:
        line = run(*objects)
    except CheckpointFailed as failure:
        # Without the chain, a student reads the lines and not the checkpoint's own plumbing.
        raise failure.with_traceback(None) from None
    except NotImplementedError:
        raise CheckpointFailed(
            "an answer", "NotImplementedError", "is the line that raises it gone?"
        ) from None
    except ImportError as error:
        words = missing(_name(error))
        if _NOTEBOOK:
            _NOTEBOOK.told.add(words)
        raise _Absent(words) from None
    if _NOTEBOOK and (unheard := _NOTEBOOK.unheard()):
        raise _Absent(unheard)
    print(line)
    for words in _NOTEBOOK.remarks() if _NOTEBOOK else ():
        print(*wrapped(f"But: {words}"), sep="\n")


def _name(error: ImportError) -> str:
    """The module that an import did not find; of `from a import b` it is "a.b"."""
    inside = getattr(error, "name_from", None)  # since Python 3.12
    if inside is None and (found := re.match(r"cannot import name '(\w+)'", str(error))):
        inside = found[1]
    return ".".join(filter(None, [error.name, inside])) or str(error)


_NOTEBOOK = running(checkpoint)
