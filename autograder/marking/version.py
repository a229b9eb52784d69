"""What the marks depend on besides the submission and the master: code, libraries, Python."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from ..assignment.exam import Exam
from ..sandbox.python import SETTING, python_of
from ..sandbox.surroundings import Surroundings
from .terms import Terms

LIBRARIES = ("numpy", "nbclient", "safetensors")  # of the grader
KERNELS = ("numpy", "ipykernel", "safetensors")  # where student code runs
WINGS = ("marking", "submission", "assignment", "checks", "door", "sandbox", "clean")
GROUND = ("limits.py", "errors.py", "locks.py", "text.py")
BATTERY = "battery.py"  # of a package of checks: the audit's alone


def grader_parts(exam: Exam, terms: Terms) -> dict[str, str]:
    """{what: its version}: a digest of the source of this grader, as far as it marks, of each
    package of checks and of helpers; of Python and the libraries their versions, also of those
    where student code runs. Raises PythonError when that Python cannot be used."""
    return _parts(exam.registry.packages, terms.surroundings, terms.libraries)


@cache
def _parts(
    checks: tuple[str, ...], surroundings: Surroundings, libraries: tuple[str, ...]
) -> dict[str, str]:
    root = Path(__file__).parent.parent
    own = [path for wing in WINGS for path in (root / wing).rglob("*")]
    found = {root.name: _digest(root, [*own, *(root / name for name in GROUND)])}
    here, there = python_of(""), surroundings.interpreter()
    folders = {package: here.folder(package) for package in checks}
    helpers = surroundings.helper_folders()
    folders |= {package: helpers.get(package) for package in surroundings.helpers}
    for package, folder in folders.items():
        files = [path for path in folder.rglob("*") if path.name != BATTERY] if folder else []
        found[package] = _digest(folder, files) if folder else "missing"
    used = there.versions(dict.fromkeys((*KERNELS, *libraries))) | {"Python": there.version}
    if surroundings.python:
        used = {f"{name} of {SETTING}": version for name, version in used.items()}
    return found | here.versions(LIBRARIES) | {"Python": here.version} | used


def _digest(root: Path, paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(paths):
        if path.is_file() and path.suffix not in (".pyc", ".md"):
            digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def grader_version(exam: Exam, terms: Terms) -> str:
    """A digest of `grader_parts`. Compared between the coordinator and its workers, and part of the
    key of a result."""
    parts = grader_parts(exam, terms)
    text = "".join(f"{name}=={version}\n" for name, version in parts.items())
    return hashlib.sha256(text.encode()).hexdigest()[:16]
