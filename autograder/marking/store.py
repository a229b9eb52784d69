"""Finished results on disk, by the hash of everything that they depend on."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
from collections.abc import Mapping
from pathlib import Path

import nbformat

from ..assignment.exam import Exam
from ..checks.verdict import Verdict
from ..whole import write_whole
from .result import ExerciseResult, NotebookResult, Result, Status
from .terms import Terms
from .version import grader_version


def parts_of(exam: Exam, files: Mapping[str, bytes | None], terms: Terms) -> dict[str, str]:
    """What a marking depends on, as digests: {"submission", "master", "grader", "terms"}."""
    submission = hashlib.sha256()
    for notebook in exam.notebooks:
        data = files.get(notebook.name)
        size = -1 if data is None else len(data)
        submission.update(f"{notebook.name}\0{size}\0".encode() + (data or b""))
    return {
        "submission": submission.hexdigest(),
        "master": exam.digest,
        "grader": grader_version(exam, terms),
        "terms": terms.digest(),
    }


def key_of(parts: Mapping[str, str]) -> str:
    """The content hash of a marking, from its parts."""
    return hashlib.sha256(
        "\0".join(f"{name}={parts[name]}" for name in sorted(parts)).encode()
    ).hexdigest()


def dumps(result: Result) -> bytes:
    """A result, compressed: a first line of marks, a second one of executed notebooks."""
    marks = result.to_json() | {"own_incidents": result.incidents, "review": result.review}
    for notebook, entry in zip(result.notebooks, marks["notebooks"], strict=True):
        entry["incidents"], entry["review"] = notebook.incidents, notebook.review
    executed = [nbformat.writes(notebook.notebook) for notebook in result.notebooks]
    return gzip.compress(f"{json.dumps(marks)}\n{json.dumps(executed)}\n".encode(), compresslevel=3)


def loads(data: bytes, *, marks_only: bool = False) -> Result:
    """The inverse of `dumps`; with `marks_only` without the executed notebooks. Raises ValueError
    for anything else."""
    try:
        with gzip.open(io.BytesIO(data)) as lines:
            marks = json.loads(lines.readline())
            executed = (
                [None] * len(marks["notebooks"]) if marks_only else json.loads(lines.readline())
            )
        notebooks = [_notebook(*pair) for pair in zip(marks["notebooks"], executed, strict=True)]
    except (OSError, EOFError, KeyError, TypeError) as error:
        raise ValueError(f"not a stored result: {error}") from error
    return Result(
        marks["assignment"],
        Status(marks["status"]),
        marks["max_points"],
        notebooks,
        marks["own_incidents"],
        marks["seconds"],
        marks["review"],
    )


def _notebook(entry: dict, text: str | None) -> NotebookResult:
    exercises = [
        ExerciseResult(
            e["id"],
            e["max_points"],
            None if e["manual"] else Verdict.from_json(e["id"], e["criteria"], entry["seed"]),
        )
        for e in entry["exercises"]
    ]
    executed = None if text is None else nbformat.reads(text, as_version=4)
    return NotebookResult(
        entry["name"],
        entry["seed"],
        exercises,
        entry["incidents"],
        entry["review"],
        entry["timings"],
        entry["seconds"],
        executed,
    )


class Store:
    """A folder of results, one file each, there whole or not at all."""

    def __init__(self, folder: Path):
        self.folder = Path(folder)

    def path(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key}.json.gz"

    def __contains__(self, key: str) -> bool:
        return self.path(key).exists()

    def get(self, key: str, *, marks_only: bool = False) -> Result | None:
        """The stored result, or None when there is none. A damaged one is removed: it will be
        marked again."""
        try:
            return loads(self.path(key).read_bytes(), marks_only=marks_only)
        except OSError:
            return None
        except ValueError:
            self.path(key).unlink(missing_ok=True)
            return None

    def put(self, key: str, data: bytes) -> None:
        path = self.path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, data, durable=True)
