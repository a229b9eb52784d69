"""What the ids of a master's cells say: which exercise a test or a checkpoint belongs to, and what
an exercise is called whose id stands in several notebooks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable

TEST, CHECKPOINT = "test_", "checkpoint_"


def exercise_of(id: str, answers: Container[str]) -> str:
    """`test_a` marks the exercise `a`; a test that has no answer cell stands for itself."""
    bare = id.removeprefix(TEST)
    return bare if bare in answers else id


def told_apart(places: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """{(notebook, id): id}, or `notebook:id` where the id is used more than once: nbgrader asks for
    ids that are unique in a notebook only."""
    places = list(places)
    count = Counter(id for _, id in places)
    return {(book, id): id if count[id] < 2 else f"{book}:{id}" for book, id in places}
