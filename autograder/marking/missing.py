"""Modules that a student's code asked for and that are not there: which, and what to say."""

from __future__ import annotations

import re
from importlib import import_module, util

from ..sandbox.surroundings import Surroundings
from ..text import one_line

WORDS = "packages"  # a helper's module that says what notebooks may import: `missing(module)`
_GONE = re.compile(
    r"(?:Your code raised )?(?:ModuleNotFoundError|ImportError): "  # as the door tells it
    r"(?:No module named '(?P<module>[\w.]{1,80})'"
    r"|cannot import name '(?P<name>\w{1,80})' from "
    r"(?:partially initialized module )?'(?P<base>[\w.]{1,80})')"
)


def asked_for(error: str) -> str | None:
    """The module that an error, "its kind: its words", did not find; of `from a import b` it is
    "a.b". None for any other error."""
    found = _GONE.match(error)
    if found is None:
        return None
    return found["module"] or f"{found['base']}.{found['name']}"


def words(module: str, surroundings: Surroundings) -> str:
    """What to say of a missing module: in the words that students are told by the first helper
    package that has any, so that both sides say the same. It looks around in the Python in which
    student code runs."""
    python = surroundings.interpreter()
    for helper, folder in surroundings.helper_folders().items():
        if python.changed is not None:
            said = python.call(helper, folder, WORDS, "missing", module)
        else:
            said = _said_here(f"{helper}.{WORDS}", module)
        if said:
            return one_line(said, 500)
    return f"`{module}` is not installed where notebooks are marked."


def _said_here(name: str, module: str) -> str:
    if util.find_spec(name) is None:
        return ""
    missing = getattr(import_module(name), "missing", None)
    return "" if missing is None else str(missing(module))
