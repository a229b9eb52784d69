"""`ntk explain`: an appeal is answered by a replay from the stored seed."""

from __future__ import annotations

import json

import numpy as np
import pytest

from demo.light import LIGHT, RIGHT, make_light_course, submit
from tests.helpers.classes import ntk, ntk_here, strict_grader

HALF = RIGHT().replace("eta * XXt", "0.5 * eta * XXt")


@pytest.fixture(scope="module")
def course(tmp_path_factory, workers):
    """ada: right; bob: half the gradient's first term; cyd: raises; dan: was marked by a mistaken
    check."""
    folder = tmp_path_factory.mktemp("explain")
    course = make_light_course(folder / "course")
    submit(course, "ada", RIGHT())
    submit(course, "bob", HALF)
    submit(
        course,
        "cyd",
        "def gradient_descent(X, Y, w0, eta, T):\n    raise ValueError('no \x1b[31midea')",
    )
    assert ntk_here(course, "grade", LIGHT, *workers).returncode == 0
    submit(course, "dan", RIGHT() + "\n# dan")
    mistaken = strict_grader(folder / "mistaken")
    ran = ntk(course, "grade", LIGHT, "--student", "dan", "--workers", "1", env=mistaken)
    assert ran.returncode == 0, ran.stderr
    return course


def explained(course, student, *arguments):
    ran = ntk_here(course, "explain", student, "gradient_descent", "--json", *arguments)
    assert ran.stdout, ran.stderr
    return ran.returncode, json.loads(ran.stdout)


def test_a_wrong_answer_shows_what_came_back_against_what_was_expected(course, tmp_path):
    code, found = explained(course, "bob", "--save", str(tmp_path / "arrays"))
    assert code == 0 and found["agrees"]
    lost = {c["name"]: c for c in found["lost"]}
    assert {"one step", "path"} <= set(lost) and "shape" not in {
        n for n, c in lost.items() if c["found"]
    }
    step = lost["one step"]
    inputs = {k: np.array(v) for k, v in step["asked"]["inputs"].items()}
    x, y, w, eta = (inputs[k] for k in ("X", "Y", "w0", "eta"))
    assert np.allclose(step["expected"], w - eta * x @ (x.T @ w - y))  # the reference, by hand
    assert np.allclose(step["found"], w - eta * (0.5 * x @ x.T @ w - x @ y))  # bob's own
    arrays = np.load(tmp_path / "arrays" / "gradient_descent-one-step.npz")
    assert np.array_equal(arrays["expected"], step["expected"]) and np.array_equal(
        arrays["input_X"], x
    )
    assert found == explained(course, "bob")[1]  # the same seed, the same numbers

    shown = ntk_here(course, "explain", "bob", "gradient_descent").stdout
    for words in (
        "gradient_descent(X, Y, w0, eta, int(T))",
        "expected:",
        "farthest:",
        "as it was decided",
    ):
        assert words in shown


def test_an_exception_is_shown_and_obeyed_by_no_terminal(course):
    code, found = explained(course, "cyd")
    assert code == 0 and found["lost"][0]["asked"]["reply"] is None
    shown = ntk_here(course, "explain", "cyd", "gradient_descent").stdout
    assert "ValueError" in shown and "\x1b" not in shown


def test_a_right_answer_has_nothing_to_explain(course):
    code, found = explained(course, "ada")
    assert (code, found["agrees"], found["lost"]) == (0, True, [])


def test_a_mark_of_a_mistaken_check_is_found_out(course):
    code, found = explained(course, "dan")
    assert code == 1 and not found["agrees"]
    assert [c["name"] for c in found["lost"]] == ["start"]
    assert found["lost"][0]["message"] == "Row 0 displeases." and found["lost"][0]["now"]["passed"]
    assert found["points"] == {"then": 2.75, "now": 3.0, "max": 3.0}
    assert "the checks, the grader or its libraries changed" in found["remarks"][0]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("ghost", "gradient_descent"), "no submission of ghost"),
        (("ada", "no_such"), "no assignment of this course has an exercise 'no_such'"),
        (
            ("ada", "mlp", "--assignment", LIGHT),
            "light has no exercise 'mlp': it has gradient_descent",
        ),
    ],
)
def test_what_cannot_be_explained_is_a_clear_line(course, arguments, words):
    ran = ntk_here(course, "explain", *arguments)
    assert ran.returncode == 2 and words in ran.stderr.splitlines()[-1]
    assert "Traceback" not in ran.stderr


def test_a_newer_submission_has_to_be_marked_first(tmp_path, workers):
    course = make_light_course(tmp_path / "course")
    submit(course, "eve", RIGHT())
    before = ntk_here(course, "explain", "eve", "gradient_descent")
    assert before.returncode == 2 and "not marked yet" in before.stderr
    assert ntk_here(course, "grade", LIGHT, *workers).returncode == 0
    submit(course, "eve", HALF)
    after = ntk_here(course, "explain", "eve", "gradient_descent")
    assert after.returncode == 2 and "handed in anew" in after.stderr
