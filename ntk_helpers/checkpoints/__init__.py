"""Checkpoints: instant feedback on an answer, before anything is handed in.

``checkpoint("<exercise>", *objects)`` looks at shapes, a known value, a symmetry: enough to say
"you are on the right track", never enough to give the answer away. One module an exercise, each
with a function ``run(*objects)`` that returns one line, or raises `CheckpointFailed`.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import Any


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


def checkpoint(exercise: str, *objects: Any) -> None:
    """Run the checkpoint of an exercise on the student's objects; print one line, or raise
    `CheckpointFailed`."""
    known = sorted(
        module.name for module in iter_modules(__path__) if not module.name.startswith("_")
    )
    if exercise not in known:
        raise ValueError(f"no checkpoint is called {exercise!r}: there are {', '.join(known)}")
    try:
        line = import_module(f"{__name__}.{exercise}").run(*objects)
    except CheckpointFailed as failure:
        # Without the chain, a student reads the lines and not the checkpoint's own plumbing.
        raise failure.with_traceback(None) from None
    except NotImplementedError:
        raise CheckpointFailed(
            "an answer", "NotImplementedError", "is the line that raises it gone?"
        ) from None
    print(line)
