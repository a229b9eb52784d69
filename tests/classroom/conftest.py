"""What the tests of collecting share: a course, and a list of its students."""

from __future__ import annotations

import pytest

from tests.helpers.archives import PEOPLE, course_of_two


@pytest.fixture
def course(tmp_path):
    return course_of_two(tmp_path / "course")


@pytest.fixture
def people(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text(PEOPLE)
    return f"--students={path}"
