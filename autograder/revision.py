"""The revision of nbgrader's tables, which stands in every gradebook."""

from __future__ import annotations

import sys
from functools import cache


@cache
def newest() -> str:
    """The newest of nbgrader's migrations, as `alembic heads` names it."""
    from alembic.script import ScriptDirectory
    from nbgrader.dbutil import ALEMBIC_DIR

    return str(ScriptDirectory(ALEMBIC_DIR).get_heads()[0])


def ask_here(*, if_loaded: bool = False) -> None:
    """Have nbgrader look into its migrations itself (0.2 s) when it makes a gradebook; to be told
    the same it starts the command `alembic` (2 s), and ends where that is not on the PATH.
    if_loaded: only where nbgrader's gradebook is loaded already."""
    if if_loaded and "nbgrader.api" not in sys.modules:
        return
    import nbgrader.api

    nbgrader.api.get_alembic_version = newest
