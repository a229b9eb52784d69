"""An environment for students' code that is not the grader's."""

from __future__ import annotations

from pathlib import Path

from tests.helpers.alone import empty_environment, packages_of

ONLY_THERE = "only_there"  # a module, and the distribution that brings it


def students_python(folder: Path, below: Path) -> Path:
    """The Python of a new environment on top of the one of `below`, and one package of its own."""
    python = empty_environment(folder)
    own = packages_of(python)
    (own / "below.pth").write_text(f"{packages_of(below)}\n")
    (own / f"{ONLY_THERE}.py").write_text("ANSWER = 42\n")
    told = own / f"{ONLY_THERE}-2.5.dist-info" / "METADATA"
    told.parent.mkdir()
    told.write_text(f"Metadata-Version: 2.1\nName: {ONLY_THERE}\nVersion: 2.5\n")
    return python
