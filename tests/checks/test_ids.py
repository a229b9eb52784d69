"""What an exercise is called, from the ids of its cells."""

from __future__ import annotations

from autograder.checks.ids import exercise_of, told_apart


def test_a_test_marks_the_answer_whose_name_it_bears_and_else_itself():
    assert exercise_of("test_f", {"f"}) == "f"
    assert exercise_of("test_f", {"g"}) == "test_f"
    assert exercise_of("f", {"f"}) == "f"
    assert exercise_of("my_test_f", {"f"}) == "my_test_f"


def test_only_what_notebooks_share_bears_their_names():
    places = [("a", "test"), ("b", "test"), ("b", "f")]
    assert told_apart(places) == {
        ("a", "test"): "a:test",
        ("b", "test"): "b:test",
        ("b", "f"): "f",
    }
