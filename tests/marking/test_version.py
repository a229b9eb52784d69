"""What a stored result depends on: all that a mark may come from, and nothing else."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT
from tools import house

ASK = """
import json, sys
from pathlib import Path
from autograder.assignment.exam import Exam
from autograder.checks.registry import Registry
from autograder.limits import Limits
from autograder.marking import version
from autograder.marking.terms import Terms
from autograder.sandbox.surroundings import Surroundings
exam = Exam("x", (), Registry(packages=("autograder.lab",)))
terms = Terms(Limits(), b"", "bwrap", Surroundings(("ntk_helpers",)), ("torch",))
def now():
    version._parts.cache_clear()
    return version.grader_version(exam, terms)
found = {"": now()}
for name in sys.argv[1:]:
    path = Path(name)
    before = path.read_bytes()
    path.write_bytes(before + b"\\n# another thought\\n")
    found[name] = now()
    path.write_bytes(before)
assert now() == found[""]
print(json.dumps(found))
"""
MATTERS = (
    "autograder/marking/examine.py",
    "autograder/lab/predict/check.py",
    "autograder/lab/predict/mistakes.py",
    "autograder/lab/reference.py",
    "autograder/door/inside.py",
    "autograder/submission/rebuild.py",
    "autograder/errors.py",
    "ntk_helpers/training.py",
)
DOES_NOT = (
    "autograder/reports/table.py",
    "autograder/reports/templates/report.html",
    "autograder/cli/score.py",
    "autograder/gradebook/record.py",
    "autograder/classroom/cluster.py",
    "autograder/authoring/release.py",
    "autograder/audit/run.py",
    "autograder/lab/predict/battery.py",
)


def test_a_class_is_marked_again_for_what_marks_come_from_and_for_nothing_else(tmp_path):
    for package in ("autograder", "ntk_helpers"):
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / package, tmp_path / package, ignore=ignore)
    env = os.environ | {"PYTHONPATH": str(tmp_path)}
    command = [sys.executable, "-c", ASK, *MATTERS, *DOES_NOT]
    ran = subprocess.run(
        command, env=env, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout)
    now = found.pop("")
    assert {name for name, version in found.items() if version != now} == set(MATTERS)


def test_whatever_marking_loads_is_covered():
    """Followed through the imports: no module that takes part in marking is left out of the
    digest."""
    from autograder.marking.version import GROUND, WINGS

    found, todo = set(), ["autograder.marking.mark"]
    arrows = house.arrows()
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo += arrows[name]
    outside = {name for name in found if house.wing(name) not in WINGS}
    ground = {f"autograder.{Path(name).stem}" for name in GROUND}
    # the course says how it is marked: by the terms, which the key of a result holds themselves
    assert outside <= ground | {"autograder.course"}
