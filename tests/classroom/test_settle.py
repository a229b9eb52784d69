"""From a submission that a person must look at to marks: `ntk grade`, nbgrader's own command, what
the formgrader shows, and `ntk settle` with its undo."""

from __future__ import annotations

import json
import subprocess
import sys

import nbformat
import pytest
from nbgrader.api import Gradebook

from demo.light import LIGHT, NOTEBOOK, RIGHT, WRONG, make_light_course, submit
from tests.helpers.classes import grade, grade_here, ntk_here, recorded


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A class of submissions that are not where they should be."""
    course = make_light_course(tmp_path_factory.mktemp("class") / "course")
    submit(course, "plain", RIGHT())
    renamed = submit(course, "renamed", RIGHT())
    renamed.rename(renamed.with_name("Copy of mine (1).ipynb.txt"))
    deep = submit(course, "deep", RIGHT())
    (deep.parent / "a" / "b").mkdir(parents=True)
    deep.rename(deep.parent / "a" / "b" / "work.ipynb")
    two = submit(course, "two", WRONG)
    two.rename(two.with_name("older.ipynb"))
    submit(course, "two", RIGHT())
    cut = submit(course, "cut", RIGHT())
    cut.write_text(cut.read_text().rstrip()[:-20])
    page = submit(course, "page", RIGHT())
    page.with_name("mine.html").write_text("<!DOCTYPE html><html></html>")
    page.unlink()
    empty = submit(course, "empty", RIGHT())
    empty.unlink()
    submit(course, "blank", "### \n")
    return course


@pytest.fixture(scope="module")
def marked(course):
    """What the first marking of the class says."""
    return grade(course, "--workers", "2")


def waiting(course) -> dict[str, bool]:
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        return {
            s.student_id: any(g.needs_manual_grade for n in s.notebooks for g in n.grades)
            for s in gradebook.assignment_submissions(LIGHT)
        }


def file_of(course, student: str):
    return course / "autograded" / student / LIGHT / f"{NOTEBOOK}.ipynb"


def executed(course, student: str):
    return nbformat.read(file_of(course, student), as_version=4)


def test_no_work_is_lost_and_a_person_looks_where_it_might_be(course, marked):
    found = marked
    assert found["code"] == 0 and not found["failed"]
    looked = {"two", "cut", "page"}
    assert set(found["review"]) == looked
    points = {s: row["total"] for s, row in found["submissions"].items()}
    zero = {"page", "empty", "blank"}
    assert {s for s, p in points.items() if p == 0} - {"two"} == zero
    assert all(points[s] == 3 for s in ("plain", "renamed", "deep", "cut"))
    assert {s for s, waits in waiting(course).items() if waits} == looked
    assert recorded(course) == points  # marks that could be computed are recorded
    top = executed(course, "page").cells[0].source
    assert "looked at by a person" in top and "may be in mine.html (it is a web page" in top
    ran = ntk_here(course, "grade", LIGHT)
    assert "REVIEW page:" in ran.stdout and "3 for review" in ran.stdout.splitlines()[-1]


@pytest.mark.usefixtures("marked")
def test_nbgraders_own_command_comes_to_the_same(course):
    command = [sys.executable, "-m", "nbgrader", "autograde", LIGHT, "--force"]
    before, waited = recorded(course), waiting(course)
    odd = ("renamed", "deep", "two", "cut", "page", "empty")
    made = [file_of(course, student).stat().st_mtime_ns for student in odd]
    command += ["--student", "?[!l]*"]  # all but plain and blank
    ran = subprocess.run(command, cwd=course, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    for student, before_it in zip(odd, made, strict=True):
        assert file_of(course, student).stat().st_mtime_ns > before_it, student
        assert f"Autograding {course}/autograded/{student}/" in ran.stderr, "nobody is passed over"
    assert recorded(course) == before and waiting(course) == waited


@pytest.mark.usefixtures("marked")
def test_settling_takes_a_file_accepts_marks_and_is_undone(course, workers):
    ran = ntk_here(course, "settle", LIGHT, "two", "--take", "older.ipynb")
    assert ran.returncode == 0, ran.stderr
    assert f"two: older.ipynb is taken for {NOTEBOOK}.ipynb." in ran.stdout
    assert recorded(course)["two"] == 0 and not waiting(course)["two"]

    ran = ntk_here(course, "settle", LIGHT, "two", "--undo")
    assert ran.returncode == 0 and "undone" in ran.stdout
    assert recorded(course)["two"] == 3 and waiting(course)["two"]

    ran = ntk_here(course, "settle", LIGHT, "cut")
    assert ran.returncode == 0 and "accepted as they are" in ran.stdout
    assert recorded(course)["cut"] == 3 and not waiting(course)["cut"]
    assert "looked at" not in executed(course, "cut").cells[0].source
    assert grade_here(course)["unchanged"] == 8  # it stays settled
    answer = submit(course, "cut", RIGHT() + "\n# again")  # until something else comes
    answer.write_text(answer.read_text().rstrip()[:-20])
    assert set(grade_here(course, *workers)["review"]) >= {"cut"}


@pytest.mark.usefixtures("marked")
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("plain",), "nothing about plain waits"),
        (("plain", "--undo"), "nothing was settled"),
        (("ghost",), "no submission of ghost"),
        (("two", "--take", "no.ipynb"), "has no file 'no.ipynb'"),
        (("two", "--take", "../../plain/light/1-light.ipynb"), "has no file"),
        (("two", "--undo", "--take", "older.ipynb"), "leave out --take"),
    ],
)
def test_bad_input_is_a_clear_line(course, arguments, words):
    ran = ntk_here(course, "settle", LIGHT, *arguments)
    assert ran.returncode == 2
    assert words in ran.stderr.splitlines()[-1] and "Traceback" not in ran.stderr


def test_score_finds_the_same(course):
    for student, status in (("renamed", "graded"), ("cut", "review")):
        ran = ntk_here(course, "score", str(course / "submitted" / student / LIGHT), "--json")
        found = json.loads(ran.stdout)
        assert ran.returncode == 0 and found["status"] == status and found["points"] == 3
        assert bool(found["review"]) == (status == "review") and found["incidents"]
