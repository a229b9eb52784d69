"""What the marks depend on besides the submission and the master: code and libraries."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from importlib import metadata, util
from pathlib import Path

from ..assignment.exam import Exam
from .terms import Terms

LIBRARIES = ("numpy", "ipykernel", "nbclient", "safetensors")
WINGS = ("marking", "submission", "assignment", "checks", "door", "sandbox", "clean")
GROUND = ("limits.py", "errors.py", "text.py")
BATTERY = "battery.py"  # of a package of checks: the audit's alone


def grader_parts(exam: Exam, terms: Terms) -> dict[str, str]:
    """{what: its version}: a digest of the source of this grader, as far as it marks, of each
    package of checks and of helpers; of the libraries their versions."""
    packages = (*exam.registry.packages, *terms.surroundings.helpers)
    return _parts(packages, (*LIBRARIES, *terms.libraries))


@cache
def _parts(packages: tuple[str, ...], libraries: tuple[str, ...]) -> dict[str, str]:
    root = Path(__file__).parent.parent
    own = [path for wing in WINGS for path in (root / wing).rglob("*")]
    found = {root.name: _digest(root, [*own, *(root / name for name in GROUND)])}
    for package in packages:
        spec = util.find_spec(package)
        if spec is None or spec.origin is None:
            found[package] = "missing"
        else:
            folder = Path(spec.origin).parent
            files = [path for path in folder.rglob("*") if path.name != BATTERY]
            found[package] = _digest(folder, files)
    for library in libraries:
        try:
            found[library] = metadata.version(library)
        except metadata.PackageNotFoundError:
            found[library] = "missing"
    return found


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
