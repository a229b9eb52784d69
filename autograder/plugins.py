"""The thin places where nbgrader's pipeline calls `rebuild` and `examine`. Plugged in by
nbgrader_config.py.

`nbgrader autograde`, the formgrader's button and `NbGraderAPI.autograde` all pass through here.
"""

from __future__ import annotations

import math
import os
import secrets
import stat
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades
from nbgrader.utils import is_grade, is_solution

from .assignment.exam import Exam
from .assignment.read import read_exam
from .clean import clean_markdown
from .course import Marking
from .marking.examine import examine, seed_of
from .marking.replay import ready
from .marking.terms import terms_of
from .submission.files import Finding, read_submission
from .submission.rebuild import rebuilt_from
from .submission.settled import Decisions
from .submission.teach import teach_nbgrader
from .submission.timestamp import UNREADABLE
from .text import one_line

# the key of the notebook's metadata that carries incidents and timings to the instructor
NOTES = "ntk"
MAX_DEPTH = 50  # of folders: deeper ones are no work, and break whoever walks them

teach_nbgrader()


def drop_irregular_files(assignment: str, student: str, notebooks: list[str], **_: Any) -> None:
    """`Autograde.pre_convert_hook`: remove links, FIFOs and devices, which nbgrader would follow
    when it copies.

    Nothing of the student's is lost: such an entry has no content of its own.
    """
    for folder in {Path(notebook).parent for notebook in notebooks}:
        for entry in irregular(folder):
            if entry.is_dir() and not entry.is_symlink():  # too deep: kept, out of the way
                aside = Path.cwd() / ".ntk" / "set-aside" / secrets.token_hex(8)
                aside.parents[1].mkdir(mode=0o700, exist_ok=True)  # not for others' eyes
                aside.parent.mkdir(exist_ok=True)
                os.replace(entry, aside)
            else:
                entry.unlink()
                if entry != folder:
                    entry.touch()  # so that the next run sees that something was there


def irregular(folder: Path) -> list[Path]:
    """What is neither a file nor a folder in a submission, and a folder that is nested deeper than
    anybody's work is; the submission itself when it is a link."""
    if folder.is_symlink():
        return [folder]
    found, waiting = [], [(folder, 0)]
    while waiting:
        here, depth = waiting.pop()
        for entry in here.iterdir():
            mode = entry.lstat().st_mode
            if stat.S_ISDIR(mode) and depth < MAX_DEPTH:
                waiting.append((entry, depth + 1))
            elif not stat.S_ISREG(mode):
                found.append(entry)
    return found


class SubmissionExporter(NotebookExporter):
    """`Autograde.exporter_class`: finds what counts as a notebook among the submitted files, and
    reads it without ever following a link or failing on its content."""

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[NotebookNode, dict[str, Any]]:
        path = Path(filename)
        resources = self._init_resources(resources)
        resources["metadata"].update(name=path.stem, path=str(path.parent))
        converter: Any = self.parent
        if converter._sanitizing:
            if irregular(path.parent):  # the hook did not run: nbgrader has followed links by now
                raise ValueError(
                    f"{path.parent} holds links or special files that were not removed."
                )
            if path.name == Path(converter.notebooks[0]).name:  # whatever comes now
                _forget_scores(resources["nbgrader"])
            resources["finding"] = _found(path.parent, converter, resources["nbgrader"])
            notebook = nbformat.v4.new_notebook()
        else:
            notebook = nbformat.read(filename, as_version=4)
        return self.from_notebook_node(notebook, resources=resources)


def _found(folder: Path, converter: Any, names: dict[str, str]) -> Finding:
    """The notebooks in a submission's folder. Raises ValueError when nbgrader would leave one
    out, and record it as zero."""
    coursedir = converter.coursedir
    root, assignment = Path(coursedir.root), names["assignment"]
    marking = Marking(config=converter.config)
    exam = read_exam(
        root / coursedir.source_directory, assignment, marking.checks, converter.config
    )
    listed = {Path(notebook).stem for notebook in converter.notebooks}
    left = [n.name for n in exam.notebooks if n.name not in listed]
    if left and coursedir.notebook_id == "*":
        raise ValueError(f"{folder}: {left[0]} would not be marked.")
    if any(p.is_symlink() for p in (folder, folder.parent)):
        raise ValueError(f"{folder} is or lies behind a link, which is not followed.")
    return read_submission(folder, exam, Decisions(root, assignment).get(names["student"]))


class _CoursePreprocessor(NbGraderPreprocessor):
    """A preprocessor that knows the course: its parent is the exporter, whose parent is the
    converter."""

    @property
    def root(self) -> Path:
        return Path(self.parent.parent.coursedir.root)

    @property
    def marking(self) -> Marking:
        return Marking(parent=self)

    def exam(self, resources: dict[str, Any]) -> Exam:
        converter = self.parent.parent
        return read_exam(
            self.root / converter.coursedir.source_directory,
            resources["nbgrader"]["assignment"],
            self.marking.checks,
            converter.config,
        )


class Rebuild(_CoursePreprocessor):
    """`Autograde.sanitize_preprocessors`: the master's cells with the student's answers in
    them."""

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        exam, name = self.exam(resources), resources["nbgrader"]["notebook"]
        finding: Finding = resources.pop("finding")
        if UNREADABLE in finding.incidents:
            _forget_time(resources["nbgrader"])
        rebuilt = rebuilt_from(exam, name, finding.files)
        notes = {"incidents": [*finding.incidents, *rebuilt.incidents], "review": []}
        if not finding.accepted:
            notes["review"] = [*finding.review, *rebuilt.review]
        rebuilt.notebook.metadata[NOTES] = notes
        return rebuilt.notebook, resources


class Examine(_CoursePreprocessor):
    """`Autograde.autograde_preprocessors`, in place of Execute: runs the notebook in the sandbox
    and marks it."""

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        notes = nb.metadata.pop(NOTES, {"incidents": [], "review": []})
        names = resources["nbgrader"]
        result = ready((names["assignment"], names["student"], names["notebook"]))
        if result is None:
            exam, terms = self.exam(resources), terms_of(self.marking, self.root)
            seed = seed_of(terms.secret, nb)
            result = examine(exam, names["notebook"], nb, terms, seed)
        notes["incidents"] = notes["incidents"] + [
            x for x in result.incidents if x not in notes["incidents"]
        ]
        notes["review"] = list(dict.fromkeys([*notes["review"], *result.review]))
        marked = result.notebook
        if marked is None:  # a result that was read without its notebooks
            raise ValueError("the executed notebook is missing")
        marked.metadata[NOTES] = notes | result.to_json()
        resources["review"] = bool(notes["review"])
        if notes["review"]:
            marked.cells.insert(0, notice(notes["review"]))
        for incident in notes["incidents"]:
            self.log.warning("%s: %s", resources["nbgrader"]["student"], one_line(incident, 500))
        return marked, resources


def notice(reasons: list[str]) -> NotebookNode:
    """The cell on top of a notebook that a person must look at, which says why."""
    shown = [clean_markdown(f"- {one_line(reason, 400)}", {}) for reason in reasons]
    lines = ["**To be looked at by a person before the marks count**", "", *shown]
    return new_markdown_cell("\n".join(lines), id="ntk-review")


class SaveCheckedGrades(SaveAutoGrades):
    """SaveAutoGrades that refuses a test cell without exactly one number: nbgrader gives full marks
    to such a cell. All marks of a notebook that a person must look at wait for that."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], cell_index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        if is_grade(cell) and not is_solution(cell) and float(cell.metadata.nbgrader["points"]) > 0:
            assert_one_number(cell)
        cell, resources = super().preprocess_cell(cell, resources, cell_index)
        if is_grade(cell) and resources.get("review"):
            grade = self.gradebook.find_grade(
                cell.metadata.nbgrader["grade_id"],
                self.notebook_id,
                self.assignment_id,
                self.student_id,
            )
            grade.needs_manual_grade = True
            self.gradebook.db.commit()
        return cell, resources


def assert_one_number(cell: NotebookNode) -> None:
    """Raise ValueError unless the test cell ends in one result between 0 and its points and in no
    error."""
    points, id = float(cell.metadata.nbgrader["points"]), cell.metadata.nbgrader["grade_id"]
    results = [output for output in cell.outputs if output.output_type == "execute_result"]
    if (
        any(output.output_type in ("error", "stream") for output in cell.outputs)
        or len(results) != 1
    ):
        raise ValueError(f"The test cell {id!r} has no single result: it was not marked.")
    try:
        value = float(results[0]["data"]["text/plain"])
    except (KeyError, TypeError, ValueError):
        value = math.nan
    if not 0 <= value <= points:
        raise ValueError(
            f"The test cell {id!r} has a result that is no mark between 0 and {points:g}."
        )


def _forget_scores(names: dict) -> None:
    """Set the automatic scores of this submission back to unknown, so that none of an earlier run,
    and none of nbgrader's zeros for a file that it misses, survives if this one ends early; manual
    ones and extra credit stay."""
    with Gradebook(names["db_url"]) as gradebook:
        submission = gradebook.find_submission(names["assignment"], names["student"])
        for notebook in submission.notebooks:
            for grade in notebook.grades:
                grade.auto_score, grade.needs_manual_grade = None, True
        gradebook.db.commit()


def _forget_time(names: dict) -> None:
    """Forget the time of an earlier submission, which nbgrader would keep."""
    with Gradebook(names["db_url"]) as gradebook:
        gradebook.find_submission(names["assignment"], names["student"]).timestamp = None
        gradebook.db.commit()
