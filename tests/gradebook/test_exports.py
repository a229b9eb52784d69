"""Which columns an export has, and what it asks of the database: on nbgrader's own gradebook, filled
by hand."""

from __future__ import annotations

import csv
from contextlib import contextmanager

import pytest
from nbgrader.api import Gradebook
from sqlalchemy import event

from autograder.exporters import FORMATS
from autograder.revision import ask_here

ORDINARY = {
    "1": [("f", 0), ("checkpoint_f", 0), ("test_f", 2), ("test_alone", 1)],
    "2": [("g", 0), ("test_g", 3), ("essay", 4)],
}
SHARED = {
    "1": [("f", 0), ("test_f", 1), ("test", 2)],
    "2": [("f", 0), ("test_f", 3), ("test", 4)],
    "3": [("f", 0), ("own", 5)],
}
BY_HAND_TOO = {"1": [("plot", 3), ("test_plot", 1)], "2": [("g", 0), ("test_g", 2)]}
"""A person marks the answer `plot`, and a test does."""


@pytest.fixture
def filled(tmp_path):
    """filled({notebook: [(id, points)]}, students) gives a gradebook in which everybody has all
    points; cells that are not called test or checkpoint are answers."""
    opened = []

    def fill(books: dict[str, list[tuple[str, float]]], students: int = 1) -> Gradebook:
        ask_here()
        book = Gradebook(f"sqlite:///{tmp_path}/{len(opened)}.db")
        opened.append(book)
        book.add_assignment("ps1")
        for name, cells in books.items():
            book.add_notebook(name, "ps1")
            for id, points in cells:
                book.add_source_cell(id, name, "ps1", cell_type="code")
                answer = not id.startswith(("test", "checkpoint"))
                if answer:
                    book.add_solution_cell(id, name, "ps1")
                if points or not answer:
                    book.add_grade_cell(id, name, "ps1", max_score=points, cell_type="code")
        for number in range(students):
            student = book.add_student(f"student-{number:02}").id
            for notebook in book.add_submission("ps1", student).notebooks:
                for grade in notebook.grades:
                    grade.auto_score = grade.cell.max_score
                    grade.needs_manual_grade = False
        book.db.commit()
        return book

    yield fill
    for book in opened:
        book.close()


def exported(book: Gradebook, path, kind: str = "csv", **options) -> list[list[str]]:
    FORMATS[kind](to=str(path), assignment=["ps1"], **options).export(book)
    with path.open() as file:
        return list(csv.reader(file))


def marks(book: Gradebook, path) -> tuple[dict[str, str], str, str]:
    """The first student's {column: mark}, total and maximum."""
    head, first = exported(book, path)[:2]
    assert len(set(head)) == len(head)
    return dict(zip(head[3:-3], first[3:-3], strict=True)), first[-2], first[-1]


def test_a_column_is_called_by_its_exercise(filled, tmp_path):
    found, total, best = marks(filled(ORDINARY), tmp_path / "marks.csv")
    assert found == {"f": "2", "test_alone": "1", "g": "3", "essay": "4"}
    assert list(found) == ["f", "test_alone", "g", "essay"]
    assert total == best == "10"


def test_ids_that_notebooks_share_are_columns_of_their_own(filled, tmp_path):
    found, total, best = marks(filled(SHARED), tmp_path / "marks.csv")
    assert found == {"1:test_f": "1", "1:test": "2", "2:test_f": "3", "2:test": "4", "own": "5"}
    assert total == best == "15"


def test_an_answer_that_a_person_and_a_test_mark_has_two_columns(filled, tmp_path):
    found, total, best = marks(filled(BY_HAND_TOO), tmp_path / "marks.csv")
    assert found == {"plot": "3", "test_plot": "1", "g": "2"}
    assert total == best == "6"


def test_platforms_are_given_the_same_columns(filled, tmp_path):
    book = filled(SHARED)
    columns = list(marks(book, tmp_path / "marks.csv")[0])
    for kind, before in (("moodle", 4), ("canvas", 5)):
        rows = exported(book, tmp_path / f"{kind}.csv", kind)
        assert rows[0][before:] == [f"ps1: {name}" for name in [*columns, "total"]]
        assert rows[-1][before:] == ["1", "2", "3", "4", "5", "15"]


def test_what_counts_is_a_persons_mark_with_extra_credit_less_the_penalty(filled, tmp_path):
    book = filled(SHARED, students=3)
    first, second, _ = book.assignment_submissions("ps1")
    grade = book.find_grade("test", "2", "ps1", first.student_id)
    grade.manual_score, grade.extra_credit, grade.needs_manual_grade = 1.0, 0.5, True
    first.notebooks[0].late_submission_penalty = 2.0
    book.find_grade("test", "1", "ps1", second.student_id).needs_manual_grade = True
    book.add_student("nobody")
    book.db.commit()
    lines = {row[1]: row[3:] for row in exported(book, tmp_path / "marks.csv")}
    assert lines[first.student_id] == ["1", "2", "3", "1.5", "5", "2", "10.5", "15"]
    assert lines[second.student_id] == ["1", "", "3", "4", "5", "0", "", "15"]  # for review
    assert lines["nobody"] == ["0"] * 7 + ["15"]


@contextmanager
def counted(book: Gradebook):
    """The statements that the database is asked meanwhile."""
    seen: list[str] = []

    def note(connection, cursor, statement, *rest):
        seen.append(statement)

    event.listen(book.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(book.engine, "before_cursor_execute", note)


def test_a_larger_class_costs_no_more_queries(filled, tmp_path):
    asked = []
    for students in (2, 12):
        book = filled(SHARED, students)
        book.db.expire_all()
        with counted(book) as seen:
            assert len(exported(book, tmp_path / "marks.csv")) == students + 1
        asked.append(len(seen))
    assert asked[0] == asked[1]
