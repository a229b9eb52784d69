"""The two ends of the scale, both notebooks, in the sandbox: the masters earn everything, the raw
release nothing."""

from __future__ import annotations

import json

import nbformat

from autograder.assignment.read import read_exam
from autograder.marking.mark import mark
from demo.submissions import fill, other_style, read_notebooks, solutions
from tests.conftest import ASSIGNMENT, FIRST, ROOT, SECOND
from tests.helpers.lab import terms
from tests.marking.test_score_cli import ntk

BEYOND = "rich-training"


def as_files(notebooks):
    return {name: nbformat.writes(notebook).encode() for name, notebook in notebooks.items()}


def automatic(result):
    return {
        e.id: (e.points, e.max_points)
        for n in result.notebooks
        for e in n.exercises
        if not e.manual
    }


def test_the_masters_and_another_style_earn_full_marks(exam, released, solved):
    for answers in (solved, solved | other_style(solved)):
        result = mark(exam, as_files(fill(released, answers)), terms())
        assert result.status == "graded" and result.points == 31
        assert all(points == best for points, best in automatic(result).values())
        assert all(n.incidents == [] for n in result.notebooks)


def test_the_second_assignment_at_both_ends():
    """The master and another style earn everything, what is released nothing."""
    source = ROOT / "source" / BEYOND
    exam = read_exam(source.parent, BEYOND, ["autograder.lab"])
    released = read_notebooks(ROOT / "release" / BEYOND)
    solved = solutions(read_notebooks(source))
    for answers, worth in ((solved, 14), (solved | other_style(solved), 14), ({}, 0)):
        result = mark(exam, as_files(fill(released, answers)), terms())
        lost = {id: got for id, got in automatic(result).items() if got[0] < got[1]}
        assert result.status == "graded" and result.points == worth, lost


def test_the_raw_release_earns_nothing(exam, released):
    result = mark(exam, as_files(released), terms(), at_once=2)
    assert result.status == "graded"
    assert {points for points, _ in automatic(result).values()} == {0}
    assert [notebook.name for notebook in result.notebooks] == [FIRST, SECOND]
    assert result.seconds < sum(notebook.seconds for notebook in result.notebooks)  # side by side


def test_the_documents_kernel_and_trainer_lose_marks_there_only(exam, released, solved):
    from demo.submissions import answer

    wrong = {
        "ntk_kernel": answer("ntk_kernel", "wrong-document-parenthesis"),
        "train": answer("train", "wrong-divides-by-ten"),
    }
    files = as_files(
        fill(
            {FIRST: released[FIRST]},
            {k: v for k, v in (solved | wrong).items() if _in(released[FIRST], k)},
        )
    )
    result = mark(exam.only({FIRST}), files, terms())
    assert {id for id, (points, best) in automatic(result).items() if points < best} == {
        "ntk_kernel",
        "train",
    }


def _in(notebook, id):
    return any(c.metadata.get("nbgrader", {}).get("grade_id") == id for c in notebook.cells)


def test_no_sandbox_has_to_be_asked_for_and_says_what_it_gives_up(course, released, tmp_path):
    name = "2-overparameterized-linear-regression"
    nbformat.write(released[name], tmp_path / f"{name}.ipynb")
    ran = ntk(
        "score", tmp_path / f"{name}.ipynb", "--sandbox", "none", "--json", "--course", course.root
    )
    assert ran.returncode == 0, ran.stderr
    assert "no sandbox" in ran.stderr and "your files and network" in ran.stderr
    assert json.loads(ran.stdout)["points"] == 0
    assert course.marking.sandbox == "bwrap"
    assert ASSIGNMENT in ran.stdout
