"""Which of the files that came is which notebook: told by the cells they share with the masters;
names decide only among equals."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from ..assignment.exam import Exam, ExamNotebook
from .answers import answer_cells, answers_in, imports_of
from .entries import MAX_SENTENCES, Entries, Entry
from .nameless import named
from .read import Submission, parse
from .texts import ENDINGS, notebook_of

# Copies that tools keep by themselves: they count only where nothing else answers.
SHADOWS = {".ipynb_checkpoints", ".history", ".local_history", "backup", "backups", "feedback"}
SHADOW_NAMES = re.compile(r"-checkpoint\.ipynb$|\.bak$|\.orig$|~$|\.swp$|^\.~|^\._|\.tmp$", re.I)
# What might be somebody's work although we cannot tell; a picture or a table of data is not.
WORK = {".ipynb", ".json", ".zip", ".rar", ".7z", ".tar", ".tgz", ".pdf", ".html", ".htm", ".docx"}
WORK |= {*ENDINGS, ".doc", ".odt", ".rtf", ".url", ".webloc", ".download", ".crdownload", ".part"}


@dataclass(frozen=True)
class Candidate:
    """A file that holds cells of ours: its bytes as a notebook, and its answers by notebook."""

    entry: Entry
    data: bytes
    submission: Submission
    answers: Mapping[str, Mapping[str, str]]
    incidents: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def shadow(self) -> bool:
        path = self.entry.path
        return bool(SHADOWS & set(path.parts[:-1]) or SHADOW_NAMES.search(path.name))


@dataclass
class Choice:
    """What counts as one notebook: a file's bytes or None, with sentences on it; `review` are those
    that a person must look at."""

    data: bytes | None = None
    file: str = ""
    incidents: list[str] = field(default_factory=list)
    review: list[str] = field(default_factory=list)

    def doubt(self, sentence: str) -> None:
        self.incidents.append(sentence)
        self.review.append(sentence)


def choose(
    exam: Exam, entries: Entries, take: Mapping[str, str] | None = None
) -> tuple[dict[str, Choice], list[str]]:
    """{notebook: what counts as it}, and sentences on what belongs to none. `take`: {notebook: file}
    that an instructor has named."""
    candidates, strange = _candidates(exam, entries)
    closed = {name: said for name, said in entries.closed.items() if _may_be_work(name)}
    choices = {}
    for notebook in exam.notebooks:
        named_file = (take or {}).get(notebook.name)
        if named_file is not None:
            choices[notebook.name] = _taken(notebook, named_file, entries, candidates)
        else:
            own = [c for c in candidates if notebook.name in c.answers]
            choices[notebook.name] = _best(notebook, own, [*strange.values(), *closed.values()])
            _own_modules(notebook, own, entries, choices[notebook.name])
    used = {choice.file for choice in choices.values()}
    left = {name: said for name, said in strange.items() if name not in used}
    return choices, _some([*left.values(), *entries.closed.values()])


def _some(sentences: list[str]) -> list[str]:
    more = len(sentences) - MAX_SENTENCES
    return sentences[:MAX_SENTENCES] + ([f"{more} more were left out."] if more > 0 else [])


def notebooks_in(exam: Exam, entry: Entry) -> list[str]:
    """The notebooks of the exam whose cells a file holds."""
    candidate = _candidate(exam, entry)
    return list(candidate.answers) if isinstance(candidate, Candidate) else []


def _candidates(exam: Exam, entries: Entries) -> tuple[list[Candidate], dict[str, str]]:
    """The files that hold cells of ours, and a sentence on each other one that may be work."""
    found, strange = [], {}
    for entry in entries.files:
        candidate = _candidate(exam, entry)
        if isinstance(candidate, Candidate):
            found.append(candidate)
        elif candidate and _may_be_work(entry.name):
            strange[entry.name] = f"{entry.shown} was left out: {candidate}"
    return found, strange


def _candidate(exam: Exam, entry: Entry) -> Candidate | str:
    """The file as a notebook of ours, or why it is none ("": nothing is lost with it)."""
    data, incidents = entry.data, []
    from_text = notebook_of(entry.name, data)
    if from_text is not None:
        data, incidents = from_text, [f"{entry.shown} is a text: it was read as a notebook."]
    submission = parse(data)
    if not submission.cells:
        return f"it is {submission.unreadable}." if submission.unreadable else ""
    ids = {cell.id for cell in submission.cells}
    shares = [n for n in exam.notebooks if ids & answer_cells(n).keys()]
    if shares:
        answers = {n.name: answers_in(submission, n) for n in shares}
        return Candidate(entry, data, submission, answers, tuple(incidents))
    for notebook in exam.notebooks:
        restored = named(submission, notebook)
        if restored is not None:
            answers = {notebook.name: answers_in(restored, notebook)}
            doubts = tuple(restored.review)
            return Candidate(entry, _written(restored), restored, answers, tuple(incidents), doubts)
    return "it holds none of the assignment's cells."


def _best(notebook: ExamNotebook, own: list[Candidate], unexplained: list[str]) -> Choice:
    choice = Choice()
    if not own:
        choice.incidents.append("The notebook is missing: it counts as empty.")
        if unexplained:
            choice.doubt(f"It may be in a file that was not used: {' '.join(unexplained[:3])}")
        return choice
    answers = {id(c): c.answers[notebook.name] for c in own}
    plain = f"{notebook.name}.ipynb"

    def worth(c: Candidate) -> tuple:
        found = answers[id(c)]
        whole = not c.submission.review and not c.incidents
        return len(found) > 0, not c.shadow, len(found), whole, c.entry.name == plain, c.entry.time

    best = max(own, key=worth)
    choice.data, choice.file = best.data, best.entry.name
    if best.entry.name != plain:
        choice.incidents.append(f"{best.entry.shown} was taken for {plain}.")
    choice.incidents += best.incidents
    for sentence in best.doubts:
        choice.doubt(sentence)
    for other in own:
        if other is not best:
            _compare(notebook, best, other, choice)
    if unexplained and len(answers[id(best)]) < len(answer_cells(notebook)):
        choice.doubt(
            "It is not answered in full, and more of it may be in a file that was not used: "
            + " ".join(unexplained[:3])
        )
    return choice


def _own_modules(
    notebook: ExamNotebook, own: list[Candidate], entries: Entries, choice: Choice
) -> None:
    """Answers that lie in a module of the student's own, which is not there when they run."""
    modules = {e.path.stem for e in entries.files if e.path.suffix == ".py"}
    cells = next((c.submission.cells for c in own if c.entry.name == choice.file), [])
    used = {name for cell in cells if cell.type == "code" for name in imports_of(cell.source)}
    for name in sorted(used & modules):
        choice.doubt(f"It imports {name}.py, a file of the student's own: only notebooks are run.")


def _compare(notebook: ExamNotebook, best: Candidate, other: Candidate, choice: Choice) -> None:
    """What the file that was not taken holds besides."""
    ours, theirs = best.answers[notebook.name], other.answers[notebook.name]
    more = sorted(set(theirs) - set(ours))
    differs = sorted(key for key in set(theirs) & set(ours) if theirs[key] != ours[key])
    if more or (differs and not other.shadow):
        what = [f"also answers {', '.join(more)}"] if more else []
        what += [f"answers {', '.join(differs)} otherwise"] if differs else []
        choice.doubt(f"{other.entry.shown} was left out, but {' and '.join(what)}.")
    elif not other.shadow:
        choice.incidents.append(f"{other.entry.shown} adds nothing to it: it was left out.")


def _taken(
    notebook: ExamNotebook, name: str, entries: Entries, candidates: list[Candidate]
) -> Choice:
    """The file that an instructor has named, whatever it holds."""
    for candidate in candidates:
        if candidate.entry.name == name:
            return Choice(candidate.data, name, [f"{candidate.entry.shown} was taken, as settled."])
    for entry in entries.files:
        if entry.name == name:
            return Choice(entry.data, name, [f"{entry.shown} was taken, as settled."])
    return Choice(None, "", [f"The file that was settled on for {notebook.name} is gone."])


def _may_be_work(name: str) -> bool:
    """Whether a file that tells us nothing might be work: by its ending, or since it has none."""
    return PurePosixPath(name).suffix.lower() in {"", *WORK}


def _written(submission: Submission) -> bytes:
    """A submission whose cells were named, as the notebook that is marked."""
    cells = [
        {
            "cell_type": cell.type,
            "source": cell.source,
            "metadata": {},
            "outputs": cell.outputs,
            "attachments": cell.attachments,
        }
        | ({"id": cell.id} if cell.id else {})
        for cell in submission.cells
    ]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}).encode()
