"""`ntk grade --dry-run` after a check, a master or a submission changed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from demo.light import LIGHT, RIGHT, WRONG, make_light_course, submit
from tests.helpers.classes import ntk, ntk_here, recorded, strict_grader


def dry_run(course: Path, *arguments: str) -> dict:
    ran = ntk_here(course, "grade", LIGHT, "--dry-run", "--json", *arguments)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


@pytest.fixture
def course(tmp_path):
    return make_light_course(tmp_path / "course")


def test_a_mended_check_shows_who_gains_before_anything_is_recorded(course, tmp_path, workers):
    submit(course, "ada", RIGHT())
    submit(course, "bob", WRONG)
    submit(course, "cyd", RIGHT() + "\n# mine")
    first = dry_run(course, *workers)
    assert first["first"] == {"ada": 3.0, "bob": 0.0, "cyd": 3.0}
    assert not (course / "gradebook.db").exists()

    mistaken = strict_grader(tmp_path / "mistaken")
    assert ntk(course, "grade", LIGHT, "--workers", "1", env=mistaken).returncode == 0
    assert recorded(course) == {"ada": 2.75, "bob": 0.0, "cyd": 2.75}
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        submission = gradebook.find_submission(LIGHT, "cyd")
        submission.notebooks[0].grades[0].manual_score = 2.9
        gradebook.db.commit()

    submit(course, "bob", RIGHT() + "\n# at last")
    found = dry_run(course, *workers)
    assert set(found["changes"]) == {"ada", "bob", "cyd"} and found["same"] == 0
    [ada], [bob], [cyd] = (found["changes"][name] for name in ("ada", "bob", "cyd"))
    assert (ada["exercise"], ada["before"], ada["after"]) == ("gradient_descent", 2.75, 3.0)
    assert ada["why"] == ["start: +0.25: Row 0 displeases."] and ada["by_hand"] is None
    assert (bob["before"], bob["after"]) == (0.0, 3.0) and len(bob["why"]) > 1
    assert cyd["by_hand"] == 2.9
    assert found["causes"]["ada"] == ["the checks, the grader or its libraries changed"]
    assert found["causes"]["bob"][0] == "handed in anew"
    assert recorded(course) == {"ada": 2.75, "bob": 0.0, "cyd": 2.75}  # nothing was recorded

    shown = ntk_here(course, "grade", LIGHT, "--dry-run", "--student", "ada")
    assert "Row 0 displeases." in shown.stdout and "1 would gain, 0 would lose" in shown.stdout

    assert ntk_here(course, "grade", LIGHT, *workers).returncode == 0
    assert recorded(course) == {"ada": 3.0, "bob": 3.0, "cyd": 3.0}
    after = dry_run(course, *workers)
    assert after["same"] == 3 and not after["changes"]


def test_a_changed_master_is_named_as_the_cause_and_equal_marks_are_kept(course, workers):
    # it relies on the setup cell's import
    submit(course, "ada", RIGHT().replace("import numpy as np\n", ""))
    submit(course, "bob", RIGHT())
    assert ntk_here(course, "grade", LIGHT, *workers).returncode == 0
    assert recorded(course) == {"ada": 3.0, "bob": 3.0}
    master = course / "source" / LIGHT / "1-light.ipynb"
    master.write_text(master.read_text().replace("import numpy as np", "SEED = 1", 1))
    found = dry_run(course, *workers)
    assert found["same"] == 1 and found["causes"] == {"ada": ["the masters changed"]}
    assert found["changes"]["ada"][0]["after"] == 0.0
    assert "NameError" in found["changes"]["ada"][0]["why"][0]


def test_a_submission_that_cannot_be_marked_fails_the_run(course, workers):
    submit(course, "ada", RIGHT())
    config = course / "nbgrader_config.py"
    config.write_text(config.read_text() + "\nc.Marking.memory_bytes = 1_000_000\n")
    ran = ntk_here(course, "grade", LIGHT, "--dry-run", *workers)
    assert ran.returncode == 1 and "ada" in ran.stdout and "Nothing was recorded" in ran.stdout
