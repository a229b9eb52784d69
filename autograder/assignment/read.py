"""Reads an assignment from its masters in `source/`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from ..checks.brought import course_around
from ..checks.ids import told_apart
from ..checks.registry import of_course
from .beside import files_beside
from .exam import Exam, ExamCell, ExamError, ExamNotebook, Kind
from .master import WITHOUT, read_master, settings_of


def read_exam(
    source: Path, assignment: str, packages: Iterable[str] = (), config: Config = WITHOUT
) -> Exam:
    """Read `source/<assignment>/*.ipynb`, the files beside them, and the checks that mark them: the
    course's own, else those of `packages`. config: the course's, which says how solutions and
    hidden tests are marked. Raises OneLine when the folder, a master or a check is missing or
    broken."""
    folder = Path(source) / assignment
    paths = sorted(folder.glob("*.ipynb")) if folder.is_dir() else []
    if not paths:
        found = sorted(p.name for p in Path(source).glob("[!.]*") if p.is_dir())
        raise ExamError(
            f"No masters in {folder}: choose an assignment of {found or 'a course (see --course)'}."
        )
    settings = settings_of(config)
    notebooks = tuple(read_master(str(p), p.stat().st_mtime_ns, settings) for p in paths)
    notebooks = _apart(notebooks)
    marked = [cell for notebook in notebooks for cell in notebook.graded()]
    checked = [c.exercise for c in marked if c.kind is Kind.TEST and c.test is None]
    # ordinary tests need nobody's checks: none are looked up, or imported
    registry = of_course(course_around(folder), checked, packages if checked else ())
    files = files_beside(folder, CourseDirectory(config=config).ignore)
    return Exam(assignment, notebooks, registry, files)


def _apart(notebooks: tuple[ExamNotebook, ...]) -> tuple[ExamNotebook, ...]:
    """An exercise whose id stands in several notebooks is called by its notebook too; where a check
    marks it, it keeps the name that its check goes by."""
    names = told_apart((n.name, cell.exercise) for n in notebooks for cell in n.graded())

    def named(notebook: ExamNotebook, cell: ExamCell) -> ExamCell:
        if not cell.exercise or (cell.kind is Kind.TEST and cell.test is None):
            return cell
        exercise = names[notebook.name, cell.exercise]
        test = replace(cell.test, exercise=exercise) if cell.test else None
        return replace(cell, exercise=exercise, test=test)

    return tuple(replace(n, cells=tuple(named(n, c) for c in n.cells)) for n in notebooks)
