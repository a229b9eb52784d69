"""A new gradebook gets the revision that nbgrader's own way would give it."""

from __future__ import annotations

import sqlite3
import subprocess
import sys

from autograder.course import Course
from autograder.gradebook import open as gradebooks
from demo.light import make_light_course


def test_a_new_gradebook_has_the_revision_that_alembic_names(tmp_path):
    course = make_light_course(tmp_path / "course")
    with gradebooks.opened(Course(course)):
        pass
    with sqlite3.connect(course / "gradebook.db") as book:
        ours = book.execute("select version_num from alembic_version").fetchall()
    asked = "from autograder import startup\nfrom nbgrader.api import get_alembic_version as of\n"
    stock = subprocess.check_output([sys.executable, "-c", asked + "print(of())"], text=True)
    assert ours == [(stock.strip(),)]
