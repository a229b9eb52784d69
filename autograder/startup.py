"""Imported before anything heavy, in the processes that are this project's own."""

from __future__ import annotations

import sys

# jsonschema, which reads notebooks' schema, compiles a grammar of internationalised addresses at every start (1.5 to
# 2 s) to be able to check a format that no notebook schema uses. It does without where the grammar is not installed.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
