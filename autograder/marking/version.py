"""What the marks depend on besides the submission and the master: the grader's own code and its
libraries."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import metadata, util
from pathlib import Path

LIBRARIES = ("numpy", "torch", "ipykernel", "nbclient", "safetensors")


@cache
def grader_parts() -> dict[str, str]:
    """{what: its version}: of the source of `autograder` and `ntk_helpers` a digest, of the
    libraries their versions."""
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
    found = {"autograder and ntk_helpers": digest.hexdigest()[:12]}
    for library in LIBRARIES:
        try:
            found[library] = metadata.version(library)
        except metadata.PackageNotFoundError:
            found[library] = "missing"
    return found


def grader_version() -> str:
    """A digest of `grader_parts()`. Compared between the coordinator and its workers, and part of
    the key of a result."""
    text = "".join(f"{name}=={version}\n" for name, version in grader_parts().items())
    return hashlib.sha256(text.encode()).hexdigest()[:16]
