"""Which files hold cells of ours, and which others may be work that we cannot tell."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from ..assignment.exam import Exam, ExamNotebook
from .answers import answer_cells, answers_in
from .entries import Entries, Entry
from .nameless import ENOUGH, named
from .names import defined_in, names_of
from .prose import letters, prose
from .read import Submission, parse
from .texts import ENDINGS, notebook_of

MOST_FILES, MOST_TEXTS = 100, 20  # files that are looked into; the others are named
WORD = re.compile(r"\w+")
# Copies that tools keep by themselves: they count only where nothing else answers.
SHADOWS = {".ipynb_checkpoints", ".history", ".local_history", "backup", "backups", "feedback"}
SHADOW_NAMES = re.compile(r"-checkpoint\.ipynb$|\.bak$|\.orig$|~$|\.swp$|^\.~|^\._|\.tmp$", re.I)
PROSE = 60  # letters: less is a title
MAX_TEXT = 500_000
BLANK = b" \t\r\n\0"
# Texts: work only if they speak of what is asked for.
TEXTS = {*ENDINGS, ".json", ".tex", ".rst", ".asciidoc", ".adoc", ".r", ".jl", ".m"}


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


def notebooks_in(exam: Exam, entry: Entry) -> list[str]:
    """The notebooks of the exam whose cells a file holds."""
    candidate = _candidate(exam, entry)
    return list(candidate.answers) if isinstance(candidate, Candidate) else []


def candidates_in(exam: Exam, entries: Entries) -> tuple[list[Candidate], dict[str, str]]:
    """The files that hold cells of ours, and a sentence on each other one that may be work."""
    found, strange, texts = [], {}, 0
    for number, entry in enumerate(entries.files):
        texts += entry.path.suffix.lower() in ENDINGS
        if number >= MOST_FILES or texts > MOST_TEXTS:
            strange[entry.name] = "too many files came with it"
            continue
        candidate = _candidate(exam, entry)
        if isinstance(candidate, Candidate):
            found.append(candidate)
        elif candidate:
            strange[entry.name] = candidate.rstrip(".")
    return found, strange


def _candidate(exam: Exam, entry: Entry) -> Candidate | str:
    """The file as a notebook of ours, or why it is none ("": nothing is lost with it)."""
    data, incidents = entry.data, []
    from_text = notebook_of(entry.name, data)
    if from_text is not None:
        data, incidents = from_text, [f"{entry.shown} is a text: it was read as a notebook."]
    submission = parse(data)
    if not submission.cells:
        return _why_not(exam, entry, submission)
    shares = _shares(exam, submission)
    if shares:
        answers = {n.name: answers_in(submission, n) for n in shares}
        return Candidate(entry, data, submission, answers, tuple(incidents))
    for notebook in exam.notebooks:
        restored = named(submission, notebook)
        if restored is not None:
            answers = {notebook.name: answers_in(restored, notebook)}
            doubts = tuple(restored.review)
            return Candidate(entry, _written(restored), restored, answers, tuple(incidents), doubts)
    plain = entry.name in {f"{n.name}.ipynb" for n in exam.notebooks}
    return "it holds none of the assignment's cells." if plain or _says_much(submission) else ""


def _shares(exam: Exam, submission: Submission) -> list[ExamNotebook]:
    """The notebooks whose answer cells a submitted one has; without any, the one of which it has
    most cells."""
    ids = {cell.id for cell in submission.cells}
    shares = [n for n in exam.notebooks if ids & answer_cells(n).keys()]
    if shares:
        return shares
    counts = {n.name: len(ids & {cell.id for cell in n.cells}) for n in exam.notebooks}
    best = max(exam.notebooks, key=lambda n: counts[n.name])
    return [best] if counts[best.name] >= ENOUGH else []


def _says_much(submission: Submission) -> bool:
    """Whether a foreign notebook defines anything, or holds more than a line of text."""
    code = (cell.source for cell in submission.cells if cell.type == "code")
    return any(map(defined_in, code)) or sum(map(prose, submission.cells)) >= PROSE


def _why_not(exam: Exam, entry: Entry, submission: Submission) -> str:
    """Why a file is no notebook; "" for one that holds nothing of a student's."""
    path, what = entry.path, submission.unreadable
    if not what and submission.review:
        return submission.review[0]
    if not what or (SHADOWS & set(path.parts[:-1]) and ".ipynb" not in path.name):
        return ""
    if path.suffix.lower() not in TEXTS:
        return f"it is {what}."
    if not entry.data.strip(BLANK):
        return ""
    text = entry.data[:MAX_TEXT].decode(errors="replace")
    stubs = [c for n in exam.notebooks for c in answer_cells(n).values()]
    asked = {name for cell in stubs for name in names_of(cell.stub)} | {c.id for c in stubs}
    speaks = path.suffix.lower() in (".txt", ".md") and letters(text) >= PROSE
    return "it is a text, no notebook." if speaks or asked & set(WORD.findall(text)) else ""


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
