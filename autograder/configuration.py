"""What a course's nbgrader_config.py has to say, so that nbgrader marks through this grader."""

from __future__ import annotations

from typing import Any

# nbgrader's CheckCellMetadata is left out: a rebuilt notebook has its master's metadata, which the
# release has validated, and that check takes more of the processor than all other recording.
MARKING = {
    "exporter_class": "autograder.plugins.SubmissionExporter",
    "pre_convert_hook": "autograder.plugins.drop_irregular_files",
    "sanitize_preprocessors": ["autograder.plugins.Rebuild"],
    "autograde_preprocessors": [
        "autograder.plugins.Examine",
        "autograder.plugins.SaveCheckedGrades",
        "nbgrader.preprocessors.AssignLatePenalties",
    ],
}
# Feedback shows verdicts, never a hidden test or a mark scheme.
FEEDBACK = [
    "nbgrader.preprocessors.GetGrades",
    "nbgrader.preprocessors.ClearHiddenTests",
    "nbgrader.preprocessors.ClearMarkScheme",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]


def configure(c: Any, *, course_id: str | None = None) -> None:
    """Plug this grader into a course: called in its nbgrader_config.py with the configuration `c`.

    What the file sets after this call holds. Of what it has set before, only the places where
    submissions are marked are replaced.
    """
    from .revision import ask_here
    from .submission.teach import teach_nbgrader

    # A submission whose time cannot be read has none; in the lists of the formgrader too.
    teach_nbgrader(if_loaded=True)
    ask_here(if_loaded=True)
    if course_id is not None:
        c.CourseDirectory.course_id = course_id
    for name, value in MARKING.items():
        c.Autograde[name] = value
    c.GenerateFeedback.setdefault("preprocessors", FEEDBACK)
    # Headings make no ids: in the formgrader's page a student's heading could take the place of a
    # score box.
    c.HTMLExporter.setdefault("exclude_anchor_links", True)
