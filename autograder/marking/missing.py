"""Modules that a student's code asked for and that are not there: which, and what to say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib import import_module, util

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


def words(module: str, helpers: Sequence[str]) -> str:
    """What to say of a missing module: in the words that students are told by the first helper
    package that has any, so that both sides say the same."""
    for helper in helpers:
        name = f"{helper}.{WORDS}"
        if util.find_spec(helper) is not None and util.find_spec(name) is not None:
            missing = getattr(import_module(name), "missing", None)
            if missing is not None:
                return one_line(missing(module), 500)
    return f"`{module}` is not installed where notebooks are marked."
