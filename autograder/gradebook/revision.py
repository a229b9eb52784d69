"""The revision of nbgrader's tables, which stands in every gradebook."""

from __future__ import annotations

from functools import cache

import nbgrader.api
from nbgrader.dbutil import ALEMBIC_DIR


@cache
def newest() -> str:
    """The newest of nbgrader's migrations, as `alembic heads` names it."""
    from alembic.script import ScriptDirectory

    return str(ScriptDirectory(ALEMBIC_DIR).get_heads()[0])


def ask_here() -> None:
    """Have nbgrader look into its migrations itself (0.2 s) when it makes a gradebook; it starts
    the command `alembic` (2 s) to be told the same."""
    nbgrader.api.get_alembic_version = newest
