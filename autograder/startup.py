"""Imported before anything heavy, in the processes that are this project's own."""

from __future__ import annotations

import os
import sys
import sysconfig

# jsonschema, which reads notebooks' schema, compiles a grammar of internationalised addresses at
# every start (1.5 to 2 s) to be able to check a format that no notebook schema uses. It does
# without where the grammar is not installed.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

# nbgrader calls `alembic` by its name: it is found beside this interpreter, also when .venv/bin is
# not on the PATH.
_bin = sysconfig.get_path("scripts")
if _bin not in os.environ.get("PATH", "").split(os.pathsep):
    os.environ["PATH"] = os.pathsep.join(filter(None, [os.environ.get("PATH"), _bin]))
