"""The course "ntk" and the places where this project's grader takes part in nbgrader's pipeline."""

c = get_config()  # noqa: F821  (provided by traitlets when it loads this file)
from autograder import configure  # noqa: E402

configure(c, course_id="ntk")

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
