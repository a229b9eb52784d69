"""A new gradebook gets the revision that nbgrader's own way would give it, wherever it is made."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys

from autograder.course import Course
from autograder.gradebook import open as gradebooks
from demo.light import LIGHT, make_light_course


def test_a_new_gradebook_has_the_revision_that_alembic_names(tmp_path):
    course = make_light_course(tmp_path / "course")
    with gradebooks.opened(Course(course)):
        pass
    with sqlite3.connect(course / "gradebook.db") as book:
        ours = book.execute("select version_num from alembic_version").fetchall()
    asked = "from autograder import startup\nfrom nbgrader.api import get_alembic_version as of\n"
    stock = subprocess.check_output([sys.executable, "-c", asked + "print(of())"], text=True)
    assert ours == [(stock.strip(),)]


def test_nbgraders_own_command_makes_one_where_alembic_is_not_on_the_path(tmp_path):
    course = make_light_course(tmp_path / "course")
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", LIGHT]
    ran = subprocess.run(
        command,
        cwd=course,
        env=os.environ | {"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert (course / "release" / LIGHT / "1-light.ipynb").is_file()
