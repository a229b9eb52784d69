"""Three lines in nbgrader_config.py: what they plug in, and that everything can be set
otherwise."""

from __future__ import annotations

import subprocess
import sys

from traitlets.config import Config, PyFileConfigLoader

from autograder import configure
from autograder.configuration import FEEDBACK, MARKING
from autograder.course import Course
from tests.conftest import ROOT
from tests.helpers.foreign import THREE_LINES


def loaded(folder, text: str) -> Config:
    folder.mkdir(exist_ok=True)
    (folder / "nbgrader_config.py").write_text(text)
    return PyFileConfigLoader("nbgrader_config.py", path=str(folder)).load_config()


def test_marking_and_feedback_are_plugged_in(tmp_path):
    c = loaded(tmp_path, THREE_LINES)
    assert c.CourseDirectory.course_id == "course101"
    assert {name: c.Autograde[name] for name in MARKING} == MARKING
    assert c.GenerateFeedback.preprocessors == FEEDBACK
    assert Course(tmp_path).directory.course_id == "course101"


def test_what_comes_after_it_holds(tmp_path):
    more = 'c.CourseDirectory.course_id = "other"\nc.Autograde.pre_convert_hook = None\n'
    c = loaded(tmp_path, THREE_LINES + more + "c.Marking.partial_credit = True\n")
    assert c.CourseDirectory.course_id == "other" and c.Autograde.pre_convert_hook is None
    assert Course(tmp_path).marking.partial_credit


def test_what_a_course_has_set_before_is_kept_but_for_the_marking():
    c = Config()
    c.GenerateFeedback.preprocessors = ["mine"]
    c.Autograde.exporter_class = "old"
    c.ClearSolutions.code_stub = {"python": "# yours"}
    configure(c)
    assert c.GenerateFeedback.preprocessors == ["mine"]
    assert c.Autograde.exporter_class == MARKING["exporter_class"]
    assert c.ClearSolutions.code_stub == {"python": "# yours"}
    assert "course_id" not in c.CourseDirectory


def test_this_course_uses_it_too():
    text = (ROOT / "nbgrader_config.py").read_text()
    assert 'configure(c, course_id="ntk")' in text
    assert "autograder.plugins" not in text


def test_calling_it_is_cheap_in_a_process_that_is_not_nbgraders(tmp_path):
    """Every `ntk score` reads the configuration: nbgrader's applications are not loaded for it."""
    (tmp_path / "nbgrader_config.py").write_text(THREE_LINES)
    code = (
        "import sys\nfrom traitlets.config import PyFileConfigLoader\n"
        "PyFileConfigLoader('nbgrader_config.py', path=sys.argv[1]).load_config()\n"
        "assert 'nbgrader.apps' not in sys.modules and 'numpy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True, cwd=ROOT)
