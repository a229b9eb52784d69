"""`ntk grade`: a class in parallel, its marks, its report and its exports; what it says to bad
input."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys

import pytest

from demo.light import LIGHT, NOTEBOOK, RIGHT, WRONG, make_light_course, submit
from tests.helpers.classes import grade, grade_here, ntk, ntk_here, recorded


@pytest.fixture
def course(tmp_path):
    return make_light_course(
        tmp_path / "course", "c.Marking.cell_seconds = 10\nc.Marking.probe_seconds = 10"
    )


def test_a_class_with_hostile_and_broken_members(course, workers):
    for number in range(5):
        submit(course, f"fine-{number}", RIGHT() + f"\n# {number}")
    submit(course, "killer", "import os\nos._exit(1)")
    submit(course, "loop", "import time\nwhile True: time.sleep(1)")
    submit(course, "broken", WRONG).write_bytes(b"{ not json")
    found = grade(course, "--workers", "2")
    assert found["code"] == 0 and found["failed"] == {}
    assert set(found["review"]) == {"broken"} and "no JSON" in found["review"]["broken"][0]
    assert (found["new"], found["stored"]) == (8, 0)
    expected = {f"fine-{n}": 3.0 for n in range(5)} | {"killer": 0.0, "loop": 0.0, "broken": 0.0}
    assert recorded(course) == expected
    assert {
        s: row["points"]["gradient_descent"] for s, row in found["submissions"].items()
    } == expected

    again = grade_here(course)  # nothing changed: nothing is marked, nothing is written
    assert (again["new"], again["stored"], again["unchanged"]) == (0, 8, 8)

    submit(course, "fine-0", WRONG)  # a resubmission: only it is marked
    third = grade_here(course, *workers)
    assert (third["new"], third["unchanged"]) == (1, 7)
    assert recorded(course) == expected | {"fine-0": 0.0}

    # stock nbgrader's command on the same course comes to the same marks
    command = [
        sys.executable,
        "-m",
        "nbgrader",
        "autograde",
        LIGHT,
        "--student",
        "fine-1",
        "--force",
    ]
    subprocess.run(command, cwd=course, check=True, capture_output=True)
    assert recorded(course) == expected | {"fine-0": 0.0}

    # the report and the exports of this class
    ran = ntk_here(course, "report", LIGHT)
    assert ran.returncode == 0, ran.stderr
    page = (course / "reports" / f"{LIGHT}.html").read_text()
    assert "To be looked at first: 1" in page
    assert (
        "killer" in page
        and "gradient_descent" in page
        and "http" not in page.replace("http-equiv", "")
    )
    command = [
        sys.executable,
        "-m",
        "nbgrader",
        "export",
        "--exporter=autograder.exporters.CsvExporter",
    ]
    subprocess.run(
        [*command, "--to=stock.csv"], cwd=course, check=True, capture_output=True, timeout=120
    )
    for kind, first in (("csv", "assignment"), ("moodle", "ID number"), ("canvas", "Student")):
        target = course / f"{kind}.csv"
        ran = ntk_here(course, "export", LIGHT, "--format", kind, "--to", str(target))
        assert ran.returncode == 0 and "left empty" in ran.stderr and "broken" in ran.stderr
        rows = list(csv.reader(target.open()))
        [waiting] = [row for row in rows if "broken" in row]
        assert not {"0", "3"} & set(waiting[5:] if kind != "csv" else waiting[3:4] + waiting[5:6])
        assert rows[0][0] == first
        assert any("fine-1" in row and "3" in row for row in rows)
    assert (course / "stock.csv").read_text() == (course / "csv.csv").read_text()
    ran = ntk_here(course, "export", LIGHT, "--to", str(course / "no" / "such" / "folder.csv"))
    assert ran.returncode == 2 and "Traceback" not in ran.stderr and "folder.csv" in ran.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("grade", "no-such"), "No masters"),
        (("grade", LIGHT), "nobody has handed in"),
        (("grade", LIGHT, "--student", "ghost"), "no submission of ghost"),
        (("grade", LIGHT, "--workers", "0"), "not a positive number"),
        (("report", LIGHT), "nobody has handed in"),
        (("export", "no-such"), "No masters"),
    ],
)
def test_bad_input_is_a_clear_line(course, arguments, words):
    if "ghost" in arguments:
        submit(course, "s", RIGHT())
    ran = ntk_here(course, *arguments)
    assert ran.returncode == 2
    assert words in ran.stderr.splitlines()[-1]
    assert "Traceback" not in ran.stderr


def test_a_master_with_other_points_has_to_be_released_first(course, workers):
    submit(course, "s", RIGHT())
    assert grade_here(course, *workers)["code"] == 0
    master = course / "source" / LIGHT / f"{NOTEBOOK}.ipynb"
    master.write_text(master.read_text().replace('"points": 3', '"points": 4'))
    ran = ntk_here(course, "grade", LIGHT)
    assert ran.returncode == 2 and "run `ntk release light` first" in ran.stderr.splitlines()[-1]
    assert recorded(course) == {"s": 3.0}


def test_the_command_works_where_the_environment_is_not_activated(course):
    submit(course, "s", RIGHT())
    ran = ntk(course, "grade", LIGHT, "--workers", "1", env=os.environ | {"PATH": "/usr/bin:/bin"})
    assert ran.returncode == 0, ran.stderr
    assert recorded(course) == {"s": 3.0}


def test_a_folder_without_a_notebook_and_late_submissions(course, workers):
    config = course / "nbgrader_config.py"
    config.write_text(
        config.read_text()
        + "\nc.AssignLatePenalties.plugin_class = 'nbgrader.plugins.LateSubmissionPlugin'\n"
    )
    submit(course, "late", RIGHT())
    (course / "submitted" / "late" / LIGHT / "timestamp.txt").write_text("2030-01-01 12:00:00 UTC")
    empty = course / "submitted" / "empty" / LIGHT
    empty.mkdir(parents=True)
    (empty / "notes.txt").write_text("I could not open it")
    found = grade_here(course, *workers)
    assert found["code"] == 0, found
    assert recorded(course) == {"late": 3.0, "empty": 0.0}
    assert NOTEBOOK in json.dumps(found) or found["submissions"]["empty"]["total"] == 0
