"""A watcher that meets others: SIGKILL, `ntk grade`, the formgrader. The gradebook stays right."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bench.chaos import chaos
from demo.light import LIGHT, RIGHT, WRONG, make_light_course, submit
from tests.helpers.classes import NTK, grade_here, recorded


def test_kills_change_nothing(tmp_path):
    """`python -m bench chaos` has the full size: 100 submissions, 50 kills, twice."""
    killed = chaos(tmp_path, 4, 3, scheduler=False, pause=(0.0, 1.0), seed=3)
    assert sum(killed.values()) == 3


@pytest.fixture
def course(tmp_path):
    return make_light_course(
        tmp_path / "course", "c.Marking.cell_seconds = 60\nc.Marking.probe_seconds = 60"
    )


def test_ntk_grade_nbgrader_and_a_watcher_at_once(course, workers):
    """All three mark and record the same students; whoever comes second waits for their turn."""
    answers = {"ada": RIGHT(), "bob": WRONG, "cy": "1 / 0"}
    for student, answer in answers.items():
        submit(course, student, answer)
    expected = {"ada": 3.0, "bob": 0.0, "cy": 0.0}
    assert grade_here(course, *workers)["code"] == 0
    here = ["--course", str(course)]
    stock = [sys.executable, "-m", "nbgrader", "autograde", LIGHT, "--force"]
    log = open(course / "log", "w")  # noqa: SIM115
    for round in range(2):
        for student, answer in answers.items():
            submit(course, student, f"{answer}\n# again {round}")
        started = [
            subprocess.Popen([*NTK, *words, *here], cwd=course, stdout=log, stderr=log)
            for words in (
                ["watch", LIGHT, "--once", "--workers", "1"],
                ["grade", LIGHT, "--force", "--workers", "1"],
            )
        ]
        started.append(subprocess.Popen(stock, cwd=course, stdout=log, stderr=log))
        codes = [process.wait(500) for process in started]
        assert codes == [0, 0, 0], (course / "log").read_text()[-5000:]
        assert recorded(course) == expected
        for student in answers:
            assert (course / "autograded" / student / LIGHT).is_dir()
    log.close()
