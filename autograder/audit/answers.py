"""The answers that the audit works with: files beside the tests, and the masters' own."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from pathlib import Path

from ..assignment.exam import Exam, Kind
from ..errors import OneLine

MASTER = "master"
KINDS = ("right", "wrong", "hostile")


class AuditError(OneLine):
    """The audit cannot begin."""


@dataclass(frozen=True)
class Answer:
    """One answer: its file's name without suffix, what it says of itself in its first line, and its
    source.

    context: code that earlier cells would have run, in order.
    """

    exercise: str
    name: str
    title: str
    source: str
    context: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        return "right" if self.name == MASTER else self.name.split("-")[0]


@dataclass(frozen=True)
class Explained:
    """A survivor that somebody has looked at: the mutant, by its answer and its diff, and why it
    may be accepted."""

    answer: str
    change: str
    reason: str


def read_answers(folder: Path, exercise: str) -> list[Answer]:
    """The answers of one exercise in `folder`/<exercise>, right ones first. Raises AuditError when
    there are none."""
    here = folder / exercise
    paths = [path for kind in KINDS for path in sorted(here.glob(f"{kind}-*.py"))]
    if not paths:
        raise AuditError(
            f"{here} holds no answers (right-*.py, wrong-*.py): name their folder with --answers "
            "DIR."
        )
    context = here / "context.py"
    before = (_text(context),) if context.exists() else ()
    found = []
    for path in paths:
        source = _text(path)
        first = source.partition("\n")[0]
        found.append(Answer(exercise, path.stem, first.lstrip("# ").strip(), source, before))
    return found


def read_explained(folder: Path, exercise: str) -> list[Explained]:
    """The entries of `folder`/<exercise>/survivors.toml, if there is one. Raises AuditError for a
    malformed one."""
    path = folder / exercise / "survivors.toml"
    if not path.exists():
        return []
    try:
        entries = tomllib.loads(_text(path)).get("survivor", [])
        return [
            Explained(entry["answer"], entry["change"].strip("\n"), entry["reason"].strip())
            for entry in entries
        ]
    except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError) as error:
        raise AuditError(
            f"{path} is not as it should be ({error}): tables [[survivor]] with answer, change "
            "and reason."
        ) from error


def master_answers(exam: Exam) -> dict[str, Answer]:
    """{exercise: the master's answer}, each with the setup cells and answers that stand before it
    as its context."""
    found: dict[str, Answer] = {}
    for notebook in exam.notebooks:
        before: list[str] = []
        solved: dict[str, Answer] = {}
        for cell, master in zip(notebook.fresh().cells, notebook.cells, strict=True):
            if master.kind is Kind.SETUP:
                before.append(cell.source)
            elif master.kind is Kind.SOLUTION:
                title = "The master's own."
                solved[master.id] = Answer(master.id, MASTER, title, cell.source, tuple(before))
                check = exam.registry.find(master.id)
                if check is None or not check.trains:
                    before.append(cell.source)
            elif master.kind is Kind.TEST and master.exercise:
                check = exam.registry.find(master.exercise)
                if check is not None and check.answered_by in solved:
                    answer = solved[check.answered_by]
                    found[master.exercise] = replace(answer, exercise=master.exercise)
    return found


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise AuditError(f"{path} cannot be read: {error}.") from error
