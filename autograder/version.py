"""What the marks depend on besides the submission and the master: the grader's own code and its libraries."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import metadata, util
from pathlib import Path

LIBRARIES = ("numpy", "torch", "ipykernel", "nbclient", "safetensors")


@cache
def grader_version() -> str:
    """A digest of the source of `autograder` and `ntk_helpers` and of the versions of the libraries that matter.

    Compared between the coordinator and its workers, and part of the key of a stored result.
    """
    digest = hashlib.sha256()
    for package in ("autograder", "ntk_helpers"):
        root = Path(util.find_spec(package).origin).parent
        for path in sorted(root.rglob("*")):
            if (
                path.is_file()
                and path.suffix not in (".pyc", ".md", ".toml")
                and ".egg-info" not in str(path)
            ):
                digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes())
    for library in LIBRARIES:
        try:
            digest.update(f"{library}=={metadata.version(library)}".encode())
        except metadata.PackageNotFoundError:
            digest.update(f"{library} missing".encode())
    return digest.hexdigest()[:16]
