"""The zip of feedback for Moodle."""

from __future__ import annotations

import zipfile

from autograder.cli import main
from demo.light import LIGHT, NOTEBOOK
from tests.helpers.archives import (
    NB,
    PEOPLE,
    SECOND,
    collect,
    course_of_two,
    moodle,
    pack,
)


def test_feedback_goes_back_under_moodles_names(tmp_path, capsys):
    course = course_of_two(tmp_path / "course")
    (tmp_path / "people.csv").write_text(PEOPLE)
    people = f"--students={tmp_path / 'people.csv'}"
    target = tmp_path / "feedback.zip"
    command = ["export", LIGHT, "--format", "moodle-feedback", "--to", str(target)]
    command += ["--course", str(course)]
    archive = pack(
        tmp_path / "a.zip",
        {
            moodle("Ada Lovelace", 1001, NB): b"one",
            moodle("Grace Hopper", 1002, NB, end="/"): b"two",
            moodle("José Núñez ONeill", 1003, NB): b"three",
        },
    )
    assert main(command) == 2
    err = capsys.readouterr().err
    assert f"nbgrader generate_feedback {LIGHT}" in err and len(err.splitlines()) == 1
    collect(capsys, course, archive, people)
    assert main(command) == 2 and not target.exists()
    capsys.readouterr()

    for student in ("ada", "grace", "zoe"):
        folder = course / "feedback" / student / LIGHT
        folder.mkdir(parents=True)
        (folder / NB.replace(".ipynb", ".html")).write_text(f"<p>{student}")
        (folder / "other.html").write_text("not a notebook of the assignment")
    (course / "feedback" / "ada" / LIGHT / f"{SECOND}.html").write_text("<p>more")
    (course / "feedback" / "grace" / LIGHT / f"{SECOND}.html").symlink_to("/etc/passwd")
    assert main(command) == 0
    out, err = capsys.readouterr()
    assert "Feedback of 2" in out
    assert "jose: no feedback" in err and "zoe: no folder" in err
    with zipfile.ZipFile(target) as made:
        assert {name: made.read(name).decode() for name in made.namelist()} == {
            f"Ada Lovelace_1001_assignsubmission_file_/{NOTEBOOK}.html": "<p>ada",
            f"Ada Lovelace_1001_assignsubmission_file_/{SECOND}.html": "<p>more",
            f"Grace Hopper_1002_assignsubmission_file/{NOTEBOOK}.html": "<p>grace",
        }
    before = target.read_bytes()
    assert main(command) == 0 and target.read_bytes() == before
    assert main([*command[:5], str(tmp_path / "no" / "such.zip"), *command[6:]]) == 2
    assert "cannot be written" in capsys.readouterr().err
