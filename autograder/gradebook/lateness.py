"""What a penalty for lateness depends on besides the time of handing in: due dates in the
gradebook, the course's settings, the plug-in that computes it."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Iterator
from typing import Any

from nbgrader.api import MissingEntry
from nbgrader.preprocessors import AssignLatePenalties

from ..course import Course
from . import open as gradebooks


class Lateness:
    """The terms of lateness of one assignment, as they stand when this is made."""

    def __init__(self, course: Course, assignment: str):
        """Raises GradebookError."""
        self.rules = _rules(course)
        self.extensions: dict[str, Any] = {}
        self.due: Any = None
        with gradebooks.opened(course) as gradebook:
            try:
                self.due = gradebook.find_assignment(assignment).duedate
            except MissingEntry:
                return
            for submission in gradebook.assignment_submissions(assignment):
                if submission.extension is not None:
                    self.extensions[submission.student_id] = submission.extension

    def of(self, student: str) -> str:
        """A digest of all that this student's penalty is computed from. Another digest: the
        penalty may be another one."""
        facts = f"{self.due}\0{self.extensions.get(student)}\0{self.rules}"
        return hashlib.sha256(facts.encode()).hexdigest()[:16]


def _rules(course: Course) -> str:
    """The settings of the penalty and the source of its plug-in, as text."""
    lines = [_line(course.config.Autograde, "Autograde", "autograde_preprocessors")]
    lines.append(_line(course.config.AssignLatePenalties, "AssignLatePenalties"))
    try:
        plugin = AssignLatePenalties(config=course.config).plugin_class
    except Exception:  # a plug-in that cannot be loaded: nbgrader will say so when it records
        return "\n".join(lines)
    names = [kind.__name__ for kind in plugin.__mro__]
    lines += [_line(course.config[name], name) for name in names if name in course.config]
    try:
        lines.append(inspect.getsource(plugin))
    except (OSError, TypeError):  # without a source file
        lines.append(plugin.__qualname__)
    return "\n".join(lines)


def _line(section: Any, name: str, *only: str) -> str:
    return f"{name}: " + ", ".join(_facts(section, only))


def _facts(section: Any, only: tuple[str, ...]) -> Iterator[str]:
    for key in sorted(section):
        if not only or key in only:
            value = section[key]
            # a class or a function by its name: its address is another one in each process
            yield f"{key}={getattr(value, '__qualname__', None) or repr(value)}"
