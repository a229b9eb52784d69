"""`ntk score` as a person or a machine calls it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from demo.light import LIGHT, NOTEBOOK, make_light_course
from tests.conftest import ASSIGNMENT, FIRST, ROOT, SECOND, WITHOUT_BWRAP
from tests.helpers.classes import ntk_here


def ntk(*arguments, cwd=ROOT, env=None):
    command = [sys.executable, "-m", "autograder.cli", *map(str, arguments)]
    return subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, timeout=300, env=env, check=False
    )


@pytest.fixture(scope="module")
def folder(released, solved, tmp_path_factory):
    """A submission: notebook 2 right but for one exercise, notebook 1 not handed in."""
    from demo.submissions import fill, write_notebooks

    ids = {c.metadata.get("nbgrader", {}).get("grade_id") for c in released[SECOND].cells}
    answers = {k: v for k, v in solved.items() if k in ids}
    answers["lazy_directions"] = "def lazy_directions(X, ws):\n    return abs(ws[-1] - ws[0])"
    folder = tmp_path_factory.mktemp("submission")
    write_notebooks(fill({SECOND: released[SECOND]}, answers), folder)
    return folder


def test_json_is_the_contract(folder, course):
    ran = ntk("score", folder, "--json", "--course", course.root)
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout)
    assert {
        "assignment",
        "status",
        "points",
        "max_points",
        "seconds",
        "incidents",
        "notebooks",
    } <= set(found)
    assert (found["assignment"], found["status"], found["points"], found["max_points"]) == (
        ASSIGNMENT,
        "graded",
        6,
        38,
    )
    first, second = found["notebooks"]
    assert (first["name"], second["name"]) == (FIRST, SECOND)
    ids = [exercise["id"] for notebook in found["notebooks"] for exercise in notebook["exercises"]]
    assert ids == [
        "mlp",
        "train",
        "predict",
        "ntk_kernel",
        "test_ntk_accuracy",
        "interpolate",
        "discussion",
        "gen_bound",
        "gradient_descent",
        "lazy_directions",
        "minimum_norm",
        "why_lazy",
    ]
    for exercise in first["exercises"] + second["exercises"]:
        assert exercise["manual"] == (exercise["id"] in ("discussion", "why_lazy"))
        assert sum(c["points"] for c in exercise["criteria"]) == exercise["points"]
        assert (
            exercise["manual"]
            or sum(c["max_points"] for c in exercise["criteria"]) == exercise["max_points"]
        )
        assert all(
            set(c) - {"misconception"} == {"name", "passed", "points", "max_points", "message"}
            for c in exercise["criteria"]
        )
    assert any(FIRST in text and "missing" in text for text in found["incidents"])


def test_one_notebook_alone_and_its_seed_can_be_replayed(folder, course):
    path = folder / f"{SECOND}.ipynb"
    first = json.loads(ntk_here(course.root, "score", str(path), "--json").stdout)
    assert (first["points"], first["max_points"]) == (6, 12)
    assert [n["name"] for n in first["notebooks"]] == [SECOND]
    seed = first["notebooks"][0]["seed"]
    again = json.loads(
        ntk_here(course.root, "score", str(path), "--json", "--seed", str(seed + 1)).stdout
    )
    assert again["notebooks"][0]["seed"] == seed + 1
    assert again["points"] == 6


def test_a_person_sees_a_table(folder, course):
    ran = ntk("score", folder / f"{SECOND}.ipynb", "--timings", "--course", course.root)
    assert ran.returncode == 0
    assert (
        "6 of 12 points" in ran.stdout
        and "lazy_directions" in ran.stdout
        and "kernel start" in ran.stdout
    )


def test_the_course_is_found_from_the_submission(folder, course, tmp_path):
    ran = ntk(
        "score", folder / f"{SECOND}.ipynb", "--json", cwd=tmp_path, env={"PATH": "/usr/bin:/bin"}
    )
    assert ran.returncode == 2
    assert ran.stderr.strip().count("\n") == 0 and "--course" in ran.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("score", "no-such-file.ipynb"),
        ("score", "README.md", "--assignment", "no-such-assignment"),
        ("score", "README.md", "--course", "tests"),
        ("release", "no-such-assignment"),
        ("notebooks", "no-such-assignment"),
    ],
)
def test_bad_input_is_one_line_and_an_exit_code(arguments):
    ran = ntk(*arguments)
    assert ran.returncode == 2
    assert ran.stdout == ""
    assert len(ran.stderr.strip().splitlines()) == 1, ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.fixture(scope="module")
def light(tmp_path_factory):
    """A course whose one notebook is marked in a second."""
    return make_light_course(tmp_path_factory.mktemp("light") / "course")


@pytest.mark.parametrize("content", [b"{ no json", b"", "link", "fifo"])
def test_an_unreadable_file_earns_nothing_and_asks_for_a_look(light, tmp_path, content):
    import os

    path = tmp_path / f"{NOTEBOOK}.ipynb"
    if content == "link":
        path.symlink_to(light / "source" / LIGHT / f"{NOTEBOOK}.ipynb")
    elif content == "fifo":
        os.mkfifo(path)
    else:
        path.write_bytes(content)
    ran = ntk_here(light, "score", str(path), "--json")
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout)
    assert (found["status"], found["points"]) == ("review", 0)
    assert found["review"] and set(found["review"]) <= set(found["incidents"])


def test_no_sandbox_is_our_fault_and_never_a_zero(folder, course):
    command = [
        *WITHOUT_BWRAP,
        sys.executable,
        "-m",
        "autograder.cli",
        "score",
        str(folder),
    ]
    ran = subprocess.run(
        [*command, "--json", "--course", str(course.root)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    found = json.loads(ran.stdout)
    assert ran.returncode == 1
    assert found["status"] == "infrastructure-error"
    assert ["bubblewrap" in text for text in found["incidents"]].count(True) == 1
