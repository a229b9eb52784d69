"""Has nbgrader look at submissions as we do: at a time that is none, at a folder without a file
that is called like a notebook; and one process at a time.

nbgrader has no place for that to be plugged in, so methods of its classes are replaced.
"""

from __future__ import annotations

import glob
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from .timestamp import read_stamp
from .turns import take_turns


def teach_nbgrader(*, if_loaded: bool = False) -> None:
    """Replace the methods. if_loaded: only in a process of nbgrader's own, where its applications
    are loaded already; to load them takes a second, and `ntk score` needs none."""
    if if_loaded and "nbgrader.apps" not in sys.modules:
        return
    from nbgrader.apps.api import NbGraderAPI
    from nbgrader.converters import Autograde, GenerateFeedback
    from nbgrader.coursedir import CourseDirectory

    CourseDirectory.get_existing_timestamp = _existing_timestamp
    NbGraderAPI.get_submitted_timestamp = _submitted_timestamp
    if Autograde.init_notebooks is not _init_notebooks:
        Autograde.listed_by_nbgrader = Autograde.init_notebooks
        Autograde.init_notebooks = _init_notebooks
    for converter in (Autograde, GenerateFeedback):
        take_turns(converter)


def _existing_timestamp(self: Any, dest_path: str) -> datetime | None:
    """`CourseDirectory`'s; nbgrader's own ends the whole run at a file that holds no time."""
    stamp = read_stamp(Path(dest_path))
    for incident in stamp.incidents:
        self.log.warning("%s: %s", dest_path, incident)
    return stamp.time


def _submitted_timestamp(self: Any, assignment_id: str, student_id: str) -> datetime | None:
    """`NbGraderAPI`'s; nbgrader's own shows the formgrader's users an error in place of the
    class."""
    course = self.coursedir
    folder = course.format_path(course.submitted_directory, student_id, assignment_id)
    return read_stamp(Path(folder)).time


def _init_notebooks(self: Any) -> None:
    """`Autograde`'s, where our exporter is plugged in: all notebooks of the assignment, whatever
    the submitted files are called, since the exporter finds them. nbgrader's own gives zero for a
    file that it misses, and refuses a folder without any."""
    course = self.coursedir
    masters = Path(course.format_path(course.source_directory, ".", course.assignment_id))
    names = sorted(path.name for path in masters.glob(f"{course.notebook_id}.ipynb"))
    pattern = self._format_source(course.assignment_id, course.student_id)
    folders = [f for f in glob.glob(pattern) if Path(f).is_dir()]  # noqa: PTH207  (absolute)
    if not (self.exporter_class.__module__.startswith("autograder.") and names and folders):
        self.listed_by_nbgrader()  # it says what is wrong
        return
    self.notebooks = []
    self.assignments = {folder: [str(Path(folder) / name) for name in names] for folder in folders}
