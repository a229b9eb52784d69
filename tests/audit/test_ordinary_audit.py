"""`ntk audit` on a course with ordinary tests: which of them let what through."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.helpers import foreign

pytestmark = pytest.mark.slow

SQUARE = "def square(x):\n    ### BEGIN SOLUTION\n    return x ** 2\n    ### END SOLUTION"
GREET = "def greet(name):\n    ### BEGIN SOLUTION\n    return 'Hello ' + name\n    ### END SOLUTION"


@pytest.fixture(scope="module")
def audited(tmp_path_factory):
    """The audit of a weak test (2 ** 2 is 2 * 2), a strong one, and one that asks for nothing."""
    cells = [
        foreign.solution("square", SQUARE),
        foreign.graded("weak", "assert square(2) == 4"),
        foreign.solution("greet", GREET),
        foreign.graded("strong", "assert greet('Ada') == 'Hello Ada'\nassert square(3) == 9"),
        foreign.graded("nothing", "assert callable(greet)", points=2),
    ]
    folder = foreign.make(tmp_path_factory.mktemp("weak"), {"p": foreign.notebook(cells)})
    command = [sys.executable, "-m", "autograder.cli", "audit", "ps1", "--mutants", "6"]
    command += ["--course", str(folder)]
    ran = subprocess.run(
        [*command, "--json"], capture_output=True, text=True, timeout=400, check=False
    )
    return ran, json.loads(ran.stdout)["ordinary"][0], command


def test_the_master_passes_and_a_stub_that_earns_points_is_a_fault(audited):
    ran, found, _ = audited
    tests = {test["exercise"]: test for test in found["tests"]}
    assert [tests[t]["master"] for t in ("weak", "strong", "nothing")] == [1, 1, 2]
    assert [tests[t]["stub"] for t in ("weak", "strong", "nothing")] == [0, 0, 2]
    assert found["faults"] == ["nothing: what is released earns 2 of 2 points without an answer."]
    assert ran.returncode == 1


def test_each_test_is_told_what_it_notices(audited):
    _, found, _ = audited
    tests = {test["exercise"]: test for test in found["tests"]}
    assert tests["nothing"]["noticed"] == 0
    assert tests["strong"]["alone"] >= 1  # square(x) = x * 2 passes the weak one
    assert found["killed"] == found["mutants"] > 5


def test_survivors_are_listed_and_progress_is_told(tmp_path):
    cells = [foreign.solution("square", SQUARE), foreign.graded("weak", "assert square(2) == 4")]
    folder = foreign.make(tmp_path / "course", {"p": foreign.notebook(cells)})
    command = [sys.executable, "-m", "autograder.cli", "audit", "ps1", "--course", str(folder)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=400, check=False)
    assert ran.returncode == 0, ran.stderr
    assert "no test notices" in ran.stdout and "+    return x * 2" in ran.stdout
    assert "mutants of the masters' answers" in ran.stderr
