"""What was handed in, found: which file counts as which notebook, and which assignment a folder
answers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from ..assignment.exam import Exam, ExamError
from .answers import answer_cells
from .choose import Choice, choose
from .entries import Entries, entries_of
from .timestamp import read_stamp


@dataclass(frozen=True)
class Settled:
    """What an instructor has decided on a submission with this `digest`: which file is which
    notebook, and whether its marks are accepted as they are."""

    digest: str
    take: Mapping[str, str] = field(default_factory=dict)
    accepted: bool = False


@dataclass(frozen=True)
class Finding:
    """The notebooks that were found in a submission, as bytes (None: there is none), and sentences
    for the instructor; `review` are those that a person must look at. `digest` is that of all that
    came."""

    files: dict[str, bytes | None]
    incidents: tuple[str, ...] = ()
    review: tuple[str, ...] = ()
    digest: str = ""
    accepted: bool = False
    taken: Mapping[str, str] = field(default_factory=dict)
    """{notebook: the file that it was read from}"""

    def stamp(self) -> str:
        """Changes when what is said of the submission changes, whatever its notebooks hold."""
        said = json.dumps([self.incidents, self.review, self.accepted])
        return hashlib.sha256(said.encode()).hexdigest()


def read_submission(path: Path, exam: Exam, settled: Settled | None = None) -> Finding:
    """Find the notebooks of `exam` at `path`, a folder or a single file. Links and special files
    are not followed; nothing is raised for a student's file."""
    path = Path(path)
    entries = _without_ours(entries_of(path), exam)
    if settled is not None and settled.digest != entries.digest:
        settled = None  # handed in anew since
    choices, left = _usual(exam, entries), entries.sentences()
    if choices is None or (settled and settled.take):
        choices, left = choose(exam, entries, settled.take if settled else None)
    if not path.is_dir():
        found = {name: choice for name, choice in choices.items() if choice.data is not None}
        choices = found or choices
    several = len(exam.notebooks) > 1
    said = {name: f"{name}: " if several else "" for name in choices}
    return Finding(
        {name: choice.data for name, choice in choices.items()},
        (
            *(said[n] + text for n, c in choices.items() for text in c.incidents),
            *left,
            *read_stamp(path).incidents,
        ),
        tuple(said[n] + text for n, c in choices.items() for text in c.review),
        entries.digest,
        bool(settled and settled.accepted),
        {name: choice.file for name, choice in choices.items() if choice.file},
    )


def _without_ours(entries: Entries, exam: Exam) -> Entries:
    """What came, without the files that everybody was given beside the notebooks."""
    given = {data for _, data in exam.files}
    names = {PurePosixPath(name).name for name, _ in exam.files}
    return replace(
        entries,
        files=[entry for entry in entries.files if entry.data not in given],
        pictures=[name for name in entries.pictures if PurePosixPath(name).name not in names],
    )


def _usual(exam: Exam, entries: Entries) -> dict[str, Choice] | None:
    """The usual case, without parsing anything: each file is called as a notebook and names one of
    its answers, and there is nothing else."""
    names = {f"{n.name}.ipynb": n for n in exam.notebooks}
    ids = [id for n in exam.notebooks for id in answer_cells(n)]
    places = {  # ids that copies of a notebook share tell nothing
        n.name: [f'"{id}"'.encode() for id in answer_cells(n) if ids.count(id) == 1]
        for n in exam.notebooks
    }
    if entries.closed or any(e.name not in names for e in entries.files):
        return None
    if entries.pictures and not entries.files:
        return None
    for entry in entries.files:
        own = names[entry.name].name
        for name, marks in places.items():  # its own answers, and nobody else's
            if marks and any(mark in entry.data for mark in marks) != (name == own):
                return None
    there = {e.path.stem: e for e in entries.files}
    missing = ["The notebook is missing: it counts as empty."]
    return {
        n.name: Choice(there[n.name].data, f"{n.name}.ipynb")
        if n.name in there
        else Choice(None, "", missing)
        for n in exam.notebooks
    }


def choose_exam(exams: list[Exam], path: Path) -> Exam:
    """The exam that a submission at `path` answers: told from names, else from what is in it, else
    the only one there is."""
    names = {path.stem} if not path.is_dir() else {p.stem for p in path.glob("*.ipynb")}
    fitting = [
        exam
        for exam in exams
        if names & {n.name for n in exam.notebooks} or exam.assignment == path.name
    ]
    if len(fitting) != 1 and len(exams) > 1:
        fitting = [exam for exam in exams if any(read_submission(path, exam).files.values())]
    if len(fitting) == 1 or len(exams) == 1:
        return (fitting or exams)[0]
    raise ExamError(
        f"{path} fits {[e.assignment for e in fitting or exams]}: name one with --assignment."
    )
