"""The files that lie beside the masters, which students get with them: data, pictures, modules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from pathlib import Path

from ..errors import OneLine

MOST_FILES, MOST_BYTES = 300, 100 * 2**20
TEXTS = (".md", ".py", ".rmd", ".qmd", ".myst", ".r", ".jl")
Files = tuple[tuple[str, bytes], ...]
"""(path, with slashes; content) of each."""


class BesideError(OneLine):
    """What lies beside the masters cannot be given to students' notebooks."""


def files_beside(folder: Path, ignore: Iterable[str] = ()) -> Files:
    """What lies in the masters' folder besides the notebooks and their texts. ignore: names that
    are left out, as `c.CourseDirectory.ignore` has them. Raises BesideError when it is too much."""
    found: list[tuple[str, bytes]] = []
    size = 0
    for path in _walk(folder, tuple(ignore)):
        if path.parent == folder and path.suffix == ".ipynb":
            continue
        size += path.stat().st_size
        if len(found) == MOST_FILES or size > MOST_BYTES:
            raise BesideError(
                f"{folder} holds more than {MOST_FILES} files or {MOST_BYTES // 2**20} MiB beside "
                "the notebooks: put the data elsewhere, and name in c.Marking.data an environment "
                "variable that is the path of its folder."
            )
        try:
            data = path.read_bytes()
        except OSError as error:
            raise BesideError(f"{path} cannot be read: {error.strerror}.") from error
        if not (path.suffix.lower() in TEXTS and b"jupytext" in data[:2000]):
            found.append((path.relative_to(folder).as_posix(), data))
    return tuple(found)


def _walk(folder: Path, ignore: tuple[str, ...]) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if any(fnmatch(path.name, pattern) for pattern in ignore):
            continue
        if path.is_dir() and not path.is_symlink():
            yield from _walk(path, ignore)
        elif path.is_file():
            yield path
