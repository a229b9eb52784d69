"""The page that students see while they work: what each setting shows, what it never shows, and
that it can be read on a phone and by a screen reader."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from autograder.assignment.exam import Exam, ExamCell, ExamNotebook, Kind
from autograder.checks.verdict import Criterion, Picture, Verdict
from autograder.classroom.draws import Shown
from autograder.classroom.serve import MARK, Sheet
from autograder.marking.result import ExerciseResult, NotebookResult, Result, Status
from autograder.reports.student_page import page, pages

NOON = datetime(2030, 3, 4, 12).astimezone().timestamp()
SENTENCE = "Is the gradient set to zero <before> each step?"
PNG = b"\x89PNG no picture at all"

OVER = """() => [...document.querySelectorAll('p, section')]
    .filter(element => element.scrollWidth > element.clientWidth + 1).length"""


def exam() -> Exam:
    def cell(exercise: str, kind: Kind, points: float) -> ExamCell:
        return ExamCell(f"test_{exercise}", kind, points, exercise, "")

    first = (cell("mlp", Kind.TEST, 3), cell("train", Kind.TEST, 4), cell("essay", Kind.MANUAL, 4))
    second = (cell("bound", Kind.TEST, 3),)
    return Exam("tp", (ExamNotebook("1-one", first, ""), ExamNotebook("2-two", second, "")))


def exercise(id: str, *criteria: Criterion) -> ExerciseResult:
    return ExerciseResult(id, sum(c.max_points for c in criteria), Verdict(id, criteria))


def sheet(**changes) -> Sheet:
    right = exercise("mlp", Criterion("shapes", True, 3, 3, "All shapes are right."))
    half = exercise(
        "train",
        Criterion("losses", True, 1, 1, "One loss a step."),
        Criterion("parity", False, 0, 3, SENTENCE, Picture(PNG, "Two curves")),
        Criterion("symmetry", True, 0, 0, "It is symmetric."),
    )
    shown = new_output("display_data", data=half.verdict.mimebundle())
    test = new_code_cell("# tests", metadata={"nbgrader": {"grade": True, "solution": False}})
    own = new_code_cell("x", metadata={})
    test.outputs, own.outputs = [shown], [shown]
    notebook = new_notebook(cells=[test, own])
    one = NotebookResult("1-one", 7, [right, half, ExerciseResult("essay", 4)], notebook=notebook)
    two = NotebookResult("2-two", 7, [exercise("bound", Criterion("values", False, 0, 3, "No."))])
    result = Result("tp", Status.GRADED, 14, [one, two])
    facts = Shown("look", "hand-in", "key", before={"mlp": 3, "train": 3}, drawn="key")
    made = Sheet(exam(), result, facts, "messages", 10, 7, "2030-03-04 11:58:01.123456 UTC", NOON)
    return replace(made, **changes)


def words(html: str) -> str:
    return " ".join(re.sub(r"<style>.*?</style>|<[^>]*>", " ", html, flags=re.DOTALL).split())


@pytest.mark.parametrize(
    ("shows", "there", "not_there"),
    [
        ("points", ["train 1 of 4", "mlp 3 of 3"], ["parity", "losses", "zero", "<img"]),
        (
            "criteria",
            ["parity ✗ not yet 0 of 3", "shapes ✓ passed"],
            ["set to zero", "One loss", "<img"],
        ),
        ("messages", ["parity ✗ not yet 0 of 3", "One loss a step.", "set to zero"], []),
    ],
)
def test_each_setting_shows_what_it_says_and_no_more(shows, there, not_there):
    html = page(sheet(shows=shows), "1-one")
    text = words(html)
    assert all(part in text for part in there), text
    assert not any(part in html for part in not_there)
    assert "4 of 7 points" in text and "All notebooks: 4 of 10" in text
    assert "−2: train" in text and "+" not in text.split("Since last time")[1].split("What to")[0]
    assert "What to look at next train" in text and "Feedback left today 7 of 10." in text


def test_verdicts_come_first_and_a_picture_once_with_its_words():
    html = page(sheet(), "1-one")
    order = [
        html.index(part)
        for part in ("<table", "Since last time", "What to look at next", "left today")
    ]
    assert order == sorted(order)
    assert html.count("<img") == 1 and 'alt="Two curves"' in html, "of the test cell, not of theirs"
    assert "&lt;before&gt;" in html and "<before>" not in html


def test_free_text_has_no_mark_and_a_review_is_told():
    text = words(page(sheet(), "1-one"))
    assert "essay (4 points), which a person marks" in text
    assert "A person will look" not in text
    waits = replace(sheet().result, status=Status.REVIEW, review=["secret reason"])
    text = words(page(sheet(result=waits), "1-one"))
    assert "A person will look at this submission" in text and "secret reason" not in text


def test_a_page_that_waits_says_so_and_when_and_nothing_else():
    held = replace(sheet().shown, held_until=NOON + 12 * 3600)
    html = page(sheet(shown=held, left=0), "1-one")
    text = words(html)
    assert "feedback follows on 5 March at 00:00" in text and "10 of 10 pieces of feedback" in text
    assert not any(
        part in html for part in ("<table", "parity", "of 7 points", "<img", "Since last")
    )
    soon = replace(sheet().shown, held_until=NOON + 3600)
    assert "follows today at 13:00" in words(page(sheet(shown=soon), "1-one"))


def test_the_first_feedback_no_change_and_all_points():
    first = replace(sheet().shown, before=None)
    assert "This is your first feedback." in words(page(sheet(shown=first), "1-one"))
    same = replace(sheet().shown, before={"mlp": 3, "train": 1})
    assert "The points are the same as last time." in words(page(sheet(shown=same), "1-one"))
    result = sheet().result
    full = [exercise("mlp", Criterion("shapes", True, 3, 3, "")), ExerciseResult("essay", 4)]
    two = NotebookResult("2-two", 7, [exercise("bound", Criterion("values", True, 3, 3, ""))])
    done = replace(result, notebooks=[NotebookResult("1-one", 7, full), two])
    text = words(page(sheet(result=done, per_day=0, left=None), "1-one"))
    assert "All points that a program can give are yours. Read once more" in text
    assert "left today" not in text
    left = replace(done, notebooks=[done.notebooks[0], result.notebooks[1]])
    assert "bound (in 2-two)" in words(page(sheet(result=left), "1-one"))


def test_one_reason_for_all_criteria_is_said_once():
    waits = [Criterion(name, False, 0, 1, "It waits for you.") for name in ("a", "b", "c")]
    one = NotebookResult("1-one", 7, [exercise("mlp", *waits)])
    result = replace(sheet().result, notebooks=[one])
    html = page(sheet(result=result), "1-one")
    assert "all 3 criteria ✗ not yet 0 of 3 It waits for you." in words(html)
    assert words(html).count("It waits for you.") == 2, "in the table, and as what to look at next"
    assert words(page(sheet(result=result, shows="criteria"), "1-one")).count("not yet") == 3


def test_it_is_one_file_with_headers_labels_and_a_language():
    for name, html in pages(sheet()).items():
        assert f"<title>{name}: feedback</title>" in html and '<html lang="en">' in html
        assert f'name="generator" content="{MARK}"' in html and "width=device-width" in html
        assert "<script" not in html and "http" not in html
        for table in re.findall(r"<table.*?</table>", html, re.DOTALL):
            assert "<caption>" in table and 'scope="col"' in table and 'scope="row"' in table
        for result in re.findall(r'<td role="cell" class="r (?:good|miss)">(.*?)</td>', html):
            assert "passed" in result or "not yet" in result, "colour alone says nothing"


@pytest.mark.slow
def test_it_fits_a_phone(browser, tmp_path):
    """360 px wide, in both colour schemes: nothing reaches over the edge."""
    long = replace(sheet(), handed_in="x" * 30)
    for scheme in ("light", "dark"):
        context = browser.new_context(viewport={"width": 360, "height": 700}, color_scheme=scheme)
        tab = context.new_page()
        for shows in ("points", "criteria", "messages"):
            tab.set_content(page(replace(long, shows=shows), "1-one"))
            assert tab.evaluate("() => document.documentElement.scrollWidth") <= 360, shows
            assert tab.evaluate(OVER) == 0, shows
        context.close()
