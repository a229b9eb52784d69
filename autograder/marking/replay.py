"""Results that are ready: nbgrader's pipeline takes them instead of marking again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from .result import NotebookResult

Names = tuple[str, str, str]  # assignment, student, notebook

_ready: dict[Names, NotebookResult] = {}


@contextmanager
def replaying(results: Mapping[Names, NotebookResult]) -> Iterator[None]:
    """Inside, Examine takes these results, {(assignment, student, notebook): result}, instead of
    marking again."""
    _ready.update(results)
    try:
        yield
    finally:
        _ready.clear()


def ready(names: Names) -> NotebookResult | None:
    """The result that is ready for a notebook, if there is one."""
    return _ready.get(names)
