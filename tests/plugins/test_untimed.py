"""A time of handing in that cannot be read: marked like any other, with an incident in words, by
`ntk grade`, by nbgrader's own commands and in the formgrader's lists."""

from __future__ import annotations

import subprocess
import sys

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI

from autograder.authoring.generate import generate
from autograder.classroom.roll import Roll
from autograder.course import Course
from autograder.submission.timestamp import UNREADABLE
from demo.light import LIGHT, NOTEBOOK, RIGHT, make_light_course, submit
from tests.helpers.classes import grade_here, recorded
from tests.helpers.stamps import BAD, put

KINDS = sorted(BAD)


@pytest.fixture
def course(tmp_path):
    course = make_light_course(tmp_path / "course", "c.LateSubmissionPlugin.penalty_method='zero'")
    for kind in KINDS:
        put(submit(course, kind, RIGHT()).parent, BAD[kind])
    put(submit(course, "on-time", RIGHT()).parent, "2030-01-02 12:00:00 UTC")
    return course


def content(course, kind):
    path = course / "submitted" / kind / LIGHT / "timestamp.txt"
    return path.read_bytes() if path.is_file() and not path.is_symlink() else None


def times(course):
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        return {s.student_id: s.timestamp for s in gradebook.assignment_submissions(LIGHT)}


def incidents(course, kind):
    path = course / "autograded" / kind / LIGHT / f"{NOTEBOOK}.ipynb"
    return nbformat.read(path, as_version=4).metadata.ntk["incidents"]


def test_ntk_grade_marks_and_tells(course, workers):
    before = {kind: content(course, kind) for kind in KINDS}
    empty = course / "submitted" / "no-notebook" / LIGHT
    empty.mkdir(parents=True)
    put(empty, BAD["words"])
    found = grade_here(course, *workers)
    assert found["code"] == 0 and found["failed"] == {}, found
    assert recorded(course) == dict.fromkeys([*KINDS, "on-time"], 3.0) | {"no-notebook": 0.0}
    for kind in KINDS:
        assert incidents(course, kind) == [UNREADABLE], kind
        if before[kind] is not None:
            assert content(course, kind) == before[kind], kind
    assert incidents(course, "on-time") == []
    assert [student for student, time in times(course).items() if time] == ["on-time"]
    # links are gone after the first time, which is told no more
    assert grade_here(course, *workers)["failed"] == {}
    again = grade_here(course, *workers)
    assert again["code"] == 0 and again["unchanged"] == len(KINDS) + 2
    for kind in KINDS:
        assert incidents(course, kind) == [UNREADABLE], kind

    stored = Roll(Course(course), LIGHT).stored()
    assert UNREADABLE in stored["words"].incidents  # what `ntk report` shows
    assert UNREADABLE not in stored["on-time"].incidents

    # the formgrader's list of the class
    listed = NbGraderAPI(config=Course(course).config).get_submissions(LIGHT)
    assert {one["student"] for one in listed} >= {*KINDS, "on-time", "no-notebook"}

    # a time that was known before does not outlive the file that could be read
    put(course / "submitted" / "on-time" / LIGHT, "gone")
    assert grade_here(course, *workers)["failed"] == {}
    assert not any(times(course).values())


def test_nbgrader_autograde_goes_through_the_class(course):
    command = [sys.executable, "-m", "nbgrader", "autograde", LIGHT]
    before = {kind: content(course, kind) for kind in KINDS}
    generate(Course(course), LIGHT)
    few = [*command, "--student", "[bdfw]*"]  # binary, digits, folder, words
    for _ in range(2):  # the second time nbgrader looks at the times before anything else
        ran = subprocess.run(few, cwd=course, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stderr
    marked = {kind for kind, mark in recorded(course).items() if mark == 3.0}
    assert marked == {kind for kind in KINDS if kind[0] in "bdfw"}
    for kind in marked:
        assert UNREADABLE in incidents(course, kind), kind
        assert content(course, kind) == before[kind], kind
    feedback = [sys.executable, "-m", "nbgrader", "generate_feedback", LIGHT]
    for _ in range(2):
        ran = subprocess.run(feedback, cwd=course, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stderr
