"""Which submitted file is which notebook of the assignment, and which assignment a folder
answers."""

from __future__ import annotations

from pathlib import Path

from ..assignment.exam import Exam, ExamError
from .read import Submission, parse, read_bytes
from .rebuild import ANSWERS


def read_submission(path: Path, exam: Exam) -> tuple[dict[str, bytes | None], list[str]]:
    """The files of a submission (a notebook or a folder) and incidents. Links and special files are
    not followed."""
    path = Path(path)
    names = {notebook.name for notebook in exam.notebooks}
    if not path.is_dir() or path.is_symlink():
        data = read_bytes(path)
        name = path.stem if path.stem in names else _likeliest(parse(data), exam)
        if name is None:
            return {}, [
                f"{path.name} is none of the assignment's notebooks: they all count as empty."
            ]
        return {name: data}, [] if name == path.stem else [
            f"{path.name} was taken for {name}.ipynb."
        ]
    incidents = [
        f"{entry.name} is not one of the assignment's notebooks: it was left out."
        for entry in sorted(path.iterdir())
        if entry.suffix == ".ipynb" and entry.stem not in names
    ]
    incidents += [
        f"{e.name} is not a regular file."
        for e in sorted(path.iterdir())
        if e.is_symlink() or e.is_fifo()
    ]
    return {name: read_bytes(path / f"{name}.ipynb", path) for name in names}, incidents


def _likeliest(submission: Submission, exam: Exam) -> str | None:
    """The notebook of the exam that shares most answer ids with a renamed one; None when none
    does."""
    ids = {cell.id for cell in submission.cells}
    shared = {
        n.name: len(ids & {c.id for c in n.cells if c.kind in ANSWERS}) for n in exam.notebooks
    }
    best = max(shared, key=lambda name: shared[name])
    return best if shared[best] else None


def choose_exam(exams: list[Exam], path: Path) -> Exam:
    """The exam that a submission at `path` answers: told from notebook names, else the only one
    there is."""
    names = {path.stem} if not path.is_dir() else {p.stem for p in path.glob("*.ipynb")}
    fitting = [
        exam
        for exam in exams
        if names & {n.name for n in exam.notebooks} or exam.assignment == path.name
    ]
    if len(fitting) == 1 or len(exams) == 1:
        return (fitting or exams)[0]
    raise ExamError(
        f"{path} fits {[e.assignment for e in fitting or exams]}: name one with --assignment."
    )
