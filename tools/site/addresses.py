"""Where notebooks can be opened, `site/addresses.toml`: mistakes are told before anything is
made."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from .errors import BuildError

PLACES = ("jupyterhub", "binder", "colab")
ADDRESSES = ("repository", *PLACES)
KEYS = (*ADDRESSES, "branch", "folder")
ADDRESS = re.compile(r"https?://[\w.:-]+(/[\w.~/-]*)?")  # nothing that a page would have to quote
REPOSITORY = re.compile(r"https?://[\w.:-]+(/[\w.~-]+){2,}/?")
GITHUB = re.compile(r"https://github\.com/[^/]+/[^/]+/?")


def check(path: Path) -> None:
    """Raises BuildError for what Sphinx's theme would trip over, or make dead buttons of."""
    if not path.is_file():
        raise BuildError(f"{path} is missing: it names where notebooks can be opened.")
    try:
        found = tomllib.loads(path.read_text())
    except ValueError as error:
        raise BuildError(f"{path} is no TOML: {error}.") from None
    for key, value in found.items():
        if key not in KEYS:
            raise BuildError(f"{path} has no use for {key!r}: it knows {', '.join(KEYS)}.")
        if not isinstance(value, str):
            raise BuildError(f"{path}: {key} is a text in quotes, not {value!r}.")
    for key in (key for key in ADDRESSES if found.get(key)):
        if not ADDRESS.fullmatch(found[key]):
            raise BuildError(f"{path}: {key} is a web address, https://…, not {found[key]!r}.")
    repository = found.get("repository", "")
    if repository and not REPOSITORY.fullmatch(repository):
        raise BuildError(f"{path}: a repository is https://host/owner/name, not {repository!r}.")
    for place in (place for place in PLACES if found.get(place)):
        if not repository:
            raise BuildError(f"{path}: {place} needs a repository, which it opens.")
        if place == "colab" and not GITHUB.fullmatch(repository):
            raise BuildError(f"{path}: colab opens https://github.com/owner/name only.")
