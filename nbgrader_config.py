"""The course "ntk" and the places where this project's grader takes part in nbgrader's pipeline."""

from autograder.submission.teach import teach_nbgrader

# A submission whose time cannot be read has none; in the lists of the formgrader too.
teach_nbgrader(if_loaded=True)

c = get_config()  # noqa: F821  (provided by traitlets when it loads this file)

c.CourseDirectory.course_id = "ntk"
c.CourseDirectory.ignore = [
    "*.md",  # the masters' readable texts hold the solutions
    ".ipynb_checkpoints",
    "__pycache__",
    "*.pyc",
    "feedback",
    ".*",
]

# Release: mark schemes stand in the questions' own cells and are taken out there.
c.ClearMarkScheme.enforce_metadata = False

# The checks of this lab, and what its kernels are given: the package that students import, the
# folder of the whole dataset where there is one. Marks may depend on these libraries' versions.
c.Marking.checks = ["autograder.lab"]
c.Marking.helpers = ["ntk_helpers"]
c.Marking.data = ["NTK_DATA"]
c.Marking.libraries = ["torch"]

# Marking: see docs/grading-and-security.md. nbgrader's CheckCellMetadata is left out: a rebuilt
# notebook has its master's metadata, which the release has validated, and that check takes more of
# the processor than all other recording.
c.Autograde.exporter_class = "autograder.plugins.SubmissionExporter"
c.Autograde.pre_convert_hook = "autograder.plugins.drop_irregular_files"
c.Autograde.sanitize_preprocessors = [
    "autograder.plugins.Rebuild",
]
c.Autograde.autograde_preprocessors = [
    "autograder.plugins.Examine",
    "autograder.plugins.SaveCheckedGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
]

# Feedback shows verdicts, never a hidden test or a mark scheme.
c.GenerateFeedback.preprocessors = [
    "nbgrader.preprocessors.GetGrades",
    "nbgrader.preprocessors.ClearHiddenTests",
    "nbgrader.preprocessors.ClearMarkScheme",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]

# Headings make no ids: in the formgrader's page a student's heading could take the place of a score
# box.
c.HTMLExporter.exclude_anchor_links = True
