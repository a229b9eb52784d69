"""Penalties for lateness follow the due date at the next `ntk grade`, and nothing is marked
again."""

from __future__ import annotations

import json

import pytest
from nbgrader.api import Gradebook

from autograder.classroom import in_order
from autograder.classroom.grade import grade as grade_here
from autograder.classroom.in_order import How
from autograder.course import Course
from autograder.gradebook.lateness import Lateness
from autograder.gradebook.notes import Note, Notes
from demo.light import LIGHT, RIGHT, make_light_course, submit
from tests.helpers.classes import recorded

ZERO = """
c.AssignLatePenalties.plugin_class = "nbgrader.plugins.LateSubmissionPlugin"
c.LateSubmissionPlugin.penalty_method = "zero"
"""


def gradebook_of(course):
    return Gradebook(f"sqlite:///{course}/gradebook.db")


def due(course, when):
    with gradebook_of(course) as gradebook:
        gradebook.update_or_create_assignment(LIGHT, duedate=when)


def penalties(course):
    with gradebook_of(course) as gradebook:
        return {
            s.student_id: s.late_submission_penalty for s in gradebook.assignment_submissions(LIGHT)
        }


def test_penalties_follow_the_due_date_without_marking_again(tmp_path, monkeypatch):
    course = make_light_course(tmp_path / "course", ZERO)
    for student, day in (("early", 1), ("late", 9)):
        folder = submit(course, student, RIGHT()).parent
        (folder / "timestamp.txt").write_text(f"2030-01-0{day} 12:00:00 UTC")
    assert grade_here(Course(course), LIGHT, How(workers=1)).failed == {}
    assert penalties(course) == {"early": 0, "late": 0}  # no due date yet

    def nobody_marks(*_):
        raise AssertionError("something is marked again")

    monkeypatch.setattr(in_order, "connect", nobody_marks)

    def again():
        outcome = grade_here(Course(course), LIGHT)
        assert outcome.failed == {} and (outcome.new, outcome.stored) == (0, 2)
        return outcome.unchanged, penalties(course)

    due(course, "2030-01-05 12:00:00")
    assert again() == (0, {"early": 0, "late": 3})
    assert again() == (2, {"early": 0, "late": 3})
    due(course, "2029-12-31 12:00:00")  # moved earlier
    assert again() == (0, {"early": 3, "late": 3})
    due(course, "2030-01-20 12:00:00")  # and later
    assert again() == (0, {"early": 0, "late": 0})
    due(course, "2030-01-05 12:00:00")
    again()
    with gradebook_of(course) as gradebook:  # one student's extension is that student's alone
        gradebook.grant_extension(LIGHT, "late", days=7)
    assert again() == (1, {"early": 0, "late": 0})
    config = course / "nbgrader_config.py"
    with gradebook_of(course) as gradebook:
        gradebook.grant_extension(LIGHT, "late")
    assert again() == (1, {"early": 0, "late": 3})
    config.write_text(config.read_text().replace('"zero"', '"none"'))
    assert again() == (0, {"early": 0, "late": 0})
    assert recorded(course) == {"early": 3.0, "late": 3.0}


@pytest.mark.parametrize("change", ["c.Mine.each = 2", "# the rule itself", "other preprocessors"])
def test_what_the_penalty_is_computed_from(tmp_path, monkeypatch, change):
    """A course's own plug-in: its settings, its source, and whether it is called at all."""
    name = f"late_{abs(hash(change))}"
    source = (
        "from nbgrader.plugins import BasePlugin\nfrom traitlets import Float\n\n"
        "class Mine(BasePlugin):\n    each = Float(1).tag(config=True)\n"
        "    def late_submission_penalty(self, student_id, score, seconds):\n"
        "        return self.each  # a rule\n"
    )
    (tmp_path / f"{name}.py").write_text(source)
    monkeypatch.syspath_prepend(tmp_path)
    line = f"c.AssignLatePenalties.plugin_class = '{name}.Mine'\n"
    course = make_light_course(tmp_path / "course", line)
    config = course / "nbgrader_config.py"

    def now():
        return Lateness(Course(course), LIGHT).of("anybody")

    before = now()
    assert now() == before
    if change.startswith("c."):
        config.write_text(config.read_text() + change + "\n")
    elif change.startswith("#"):
        (tmp_path / f"{name}.py").write_text(source.replace("a rule", "the rule itself"))
        import linecache

        linecache.clearcache()
    else:
        config.write_text(config.read_text() + "c.Autograde.autograde_preprocessors = []\n")
    assert now() != before


def test_a_plug_in_that_is_not_there_is_told_when_it_is_called(tmp_path):
    line = "c.AssignLatePenalties.plugin_class = 'no.such.Plugin'\n"
    course = Course(make_light_course(tmp_path / "course", line))
    assert Lateness(course, LIGHT).of("anybody")


def test_notes_of_earlier_versions_can_be_read(tmp_path):
    notes = Notes(tmp_path, LIGHT)
    notes.put("ada", Note("key", {"grader": "1"}, "2030-01-01", lateness="abc"))
    path = notes.folder / "ada"
    old = json.loads(path.read_text())
    del old["lateness"]
    path.write_text(json.dumps(old))
    found = notes.get("ada")
    assert found is not None and (found.key, found.lateness) == ("key", "")
