"""Marks with student code in another Python than the grader's: what it may import, what the marks
depend on, what is said of a missing module, and what ends a run before it begins."""

from __future__ import annotations

import json
import pickle
import sys
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.assignment.exam import Exam
from autograder.checks.registry import Registry
from autograder.classroom import cluster
from autograder.limits import Limits
from autograder.marking import version
from autograder.marking.missing import words
from autograder.marking.terms import Terms
from autograder.sandbox.python import PythonError
from autograder.sandbox.surroundings import Surroundings
from ntk_helpers.packages import missing
from tests.helpers.alone import empty_environment, outside, packages_of
from tests.helpers.pythons import ONLY_THERE, students_python

CHECK = """
from autograder.checks.ask import number, require
from autograder.checks.base import Check
check = Check("double")

@check.criterion("value", 2, "Twice what comes in.")
def value(ask):
    x = float(ask.rng.uniform(1, 2))
    back = ask.run("found = double(x)", returns=["found"], x=x)
    require(abs(number(back["found"], "double(x)") - 2 * x) < 1e-9, "It is not twice x.")
"""
NOTEBOOK = "1-double"
RIGHT = "def double(x):\n    return 2 * x"
EXAM = Exam("x", (), Registry())


@pytest.fixture(scope="module")
def students(alone, tmp_path_factory):
    return students_python(tmp_path_factory.mktemp("students") / "env", alone)


def notebook(answer: str) -> nbformat.NotebookNode:
    def cell(id: str, source: str, **flags):
        told = {"schema_version": 3, "grade_id": id, "task": False, "cell_type": "code", **flags}
        return new_code_cell(source, id=id, metadata={"nbgrader": told})

    solution = cell("double", answer, solution=True, grade=False, locked=False)
    test = 'from autograder import check\n\ncheck("double")'
    test = f"### BEGIN HIDDEN TESTS\n{test}\n### END HIDDEN TESTS"
    graded = cell("test_double", test, solution=False, grade=True, locked=True, points=2)
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=[solution, graded], metadata={"kernelspec": kernel})


def course(folder: Path, python: Path | str = "") -> Path:
    """A course that knows nothing of the lab, with one exercise and a check of its own."""
    source = folder / "source" / "ps1"
    source.mkdir(parents=True)
    nbformat.write(
        notebook(f"### BEGIN SOLUTION\n{RIGHT}\n### END SOLUTION"), source / "1-double.ipynb"
    )
    (folder / "checks").mkdir()
    (folder / "checks" / "double.py").write_text(CHECK)
    setting = f"c.Marking.python = {str(python)!r}\n" if python else ""
    (folder / "nbgrader_config.py").write_text(f"c = get_config()\n{setting}")
    return folder


def score(folder: Path, ntk: list, answer: str, **variables: str):
    nbformat.write(notebook(answer), folder / f"{NOTEBOOK}.ipynb")
    command = [*ntk, "score", folder / f"{NOTEBOOK}.ipynb", "--json", "--course", folder]
    ran = outside(*command, **variables)
    assert "Traceback" not in ran.stderr
    return json.loads(ran.stdout) if ran.stdout else ran


IMPORTS = "import {}\n" + RIGHT


def test_the_grader_alone_marks_a_course_of_its_own_in_its_own_python(alone, tmp_path):
    folder, ntk = course(tmp_path), [alone.parent / "ntk"]
    found = score(folder, ntk, RIGHT)
    assert (found["status"], found["points"]) == ("graded", 2.0)
    found = score(folder, ntk, IMPORTS.format("torch"))
    said = "1-double: double: `torch` is not installed where notebooks are marked."
    assert (found["points"], found["incidents"]) == (0.0, [said])


def test_the_grader_alone_marks_what_runs_in_a_python_with_pytorch(alone, tmp_path):
    folder, ntk = course(tmp_path, sys.executable), [alone.parent / "ntk"]
    found = score(folder, ntk, IMPORTS.format("torch"))
    assert (found["status"], found["points"], found["incidents"]) == ("graded", 2.0, [])


@pytest.mark.parametrize(("module", "points"), [(ONLY_THERE, 2.0), ("torch", 0.0)])
@pytest.mark.parametrize("sandbox", ["bwrap", "none"])
def test_answers_import_what_their_own_python_has(students, tmp_path, module, points, sandbox):
    folder = course(tmp_path, students)
    with (folder / "nbgrader_config.py").open("a") as config:
        config.write(f"c.Marking.sandbox = {sandbox!r}\n")
    here = {"PYTHONPATH": str(Path(cluster.__file__).parents[2])}
    found = score(folder, [sys.executable, "-m", "autograder.cli"], IMPORTS.format(module), **here)
    assert (found["status"], found["points"]) == ("graded", points)
    said = f"1-double: double: `{module}` is not installed where notebooks are marked."
    assert found["incidents"] == ([] if points else [said])


def test_a_python_that_will_not_do_ends_a_command_in_a_line(alone, tmp_path):
    python = empty_environment(tmp_path / "env")
    ran = score(course(tmp_path / "course", python), [alone.parent / "ntk"], RIGHT)
    needed = "ipykernel numpy safetensors"
    assert ran.returncode == 2 and ran.stderr == (
        f"ntk score: {python} has no {needed.replace(' ', ', ')}: install them there with "
        f"{python} -m pip install {needed}.\n"
    )


def test_the_audit_of_the_grader_alone_draws_nothing(alone, tmp_path):
    folder = course(tmp_path, sys.executable)
    (folder / "tests" / "answers").mkdir(parents=True)
    command = [alone.parent / "ntk", "audit", "--course", folder, "--figure", tmp_path / "a.svg"]
    ran = outside(*command)
    said = "ntk audit: --figure needs matplotlib: install it beside the grader.\n"
    assert (ran.returncode, ran.stderr) == (2, said)


def terms(python: Path | str, *libraries: str, helpers: tuple[str, ...] = ()) -> Terms:
    return Terms(Limits(), b"", "bwrap", Surroundings(helpers, python=str(python)), libraries)


def test_marks_depend_on_the_versions_of_the_python_that_student_code_runs_in(students):
    here = version.grader_parts(EXAM, terms("", ONLY_THERE))
    there = version.grader_parts(EXAM, terms(students, ONLY_THERE))
    assert here[ONLY_THERE] == "missing"
    own = {name: text for name, text in here.items() if name not in (ONLY_THERE, "ipykernel")}
    assert own.items() <= there.items()  # the grader's own libraries count as they did
    used = {k.partition(" of ")[0]: v for k, v in there.items() if k.endswith("c.Marking.python")}
    assert set(used) == {"numpy", "ipykernel", "safetensors", "Python", ONLY_THERE}
    assert used[ONLY_THERE] == "2.5" and used["Python"] == ".".join(map(str, sys.version_info[:3]))

    before = version.grader_version(EXAM, terms(students, ONLY_THERE))
    told = packages_of(students) / f"{ONLY_THERE}-2.5.dist-info" / "METADATA"
    text = told.read_text()
    told.write_text(text.replace("Version: 2.5", "Version: 2.6"))
    try:
        ask = "from tests.marking.test_other_python import *\n"
        ask += f"print(version.grader_version(EXAM, terms({str(students)!r}, ONLY_THERE)))"
        root = str(Path(__file__).parents[2])
        ran = outside(sys.executable, "-c", ask, PYTHONPATH=root)
        assert ran.returncode == 0, ran.stderr
        assert ran.stdout.strip() != before
    finally:
        told.write_text(text)


def test_what_is_said_of_a_missing_module_is_true_of_that_python(students):
    helpers = ("ntk_helpers",)
    said = words("torch", Surroundings(helpers, python=str(students)))
    assert said.startswith("`torch` is not among the packages that notebooks are marked with: ")
    assert "numpy" in said and "torchvision" not in said
    assert "torch" in missing("seaborn").partition(": ")[2]  # here it is among them
    part = words("numpy.nowhere", Surroundings(helpers, python=str(students)))
    assert part == words("numpy.nowhere", Surroundings(helpers))
    assert "is not installed" in words("torch", Surroundings(("json",), python=str(students)))


def test_a_helper_that_only_that_python_has_is_found_there(students):
    given = Surroundings((ONLY_THERE, "dask", "helper_there"), python=str(students))
    package = packages_of(students) / "helper_there"
    package.mkdir()
    (package / "__init__.py").touch()
    assert given.helper_folders()["helper_there"] == package.resolve()
    assert Surroundings(("helper_there",)).helper_folders() == {}
    parts = version.grader_parts(EXAM, Terms(Limits(), b"", "bwrap", given))
    assert parts["helper_there"] != "missing"


NOWHERE = "/srv/no-such-environment/bin/python"


def test_a_worker_without_that_python_says_so():
    lacking = terms(NOWHERE)
    with pytest.raises(cluster.ClusterError) as caught:
        cluster.mark_remotely(EXAM, lacking, {}, "1")
    assert f"a worker cannot run student code: {NOWHERE} cannot be found" in str(caught.value)


def test_a_worker_without_that_python_is_named_before_anything_is_marked():
    class Roll:
        exam, terms = EXAM, replace(terms(""), secret=b"x")

    class Client:
        """The cluster's, as far as it is asked: one worker has what is needed, one has not."""

        def run(self, function, *arguments, on_error):
            assert on_error == "return"
            error = PythonError(f"{NOWHERE} cannot be found.")
            return {
                "tcp://a:1": function(*arguments),
                "tcp://b:2": pickle.loads(pickle.dumps(error)),
            }

    with pytest.raises(cluster.ClusterError) as caught:
        cluster._compare_versions(Client(), "tcp://head:8786", Roll())
    expected = f"the worker tcp://b:2 cannot run student code: {NOWHERE} cannot be found."
    assert str(caught.value) == expected
