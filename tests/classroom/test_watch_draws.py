"""How often feedback is given, and what it is compared with: days, due dates, the same answers
again, a watcher that was ended in between."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from autograder.classroom.draws import Draws, Shown, day_of, next_day, next_shown

NOON = datetime(2030, 3, 4, 12).astimezone().timestamp()
HOUR = 3600.0


def handed_in(number: int, points: float = 1.0, key: str = "") -> Shown:
    return Shown(f"look-{number}", f"hand-in-{number}", key or f"key-{number}", {"mlp": points})


def shown(*found: tuple[Shown, float], per_day: int = 2, end: float | None = None) -> Shown:
    """What stands in the page after these hand-ins, each with its time."""
    last = None
    for entry, now in found:
        last = next_shown(last, entry, per_day=per_day, now=now, end=end)
    assert last is not None
    return last


def test_the_first_ones_of_a_day_are_shown_and_counted():
    first = shown((handed_in(1), NOON))
    assert first.held_until is None and first.before is None and first.left(2, NOON) == 1
    second = shown((handed_in(1, 1.0), NOON), (handed_in(2, 3.0), NOON + 60))
    assert second.held_until is None and second.left(2, NOON) == 0
    assert (second.before, second.points) == ({"mlp": 1.0}, {"mlp": 3.0})


def test_beyond_the_days_number_it_waits_for_midnight_and_is_compared_with_what_was_seen():
    three = [(handed_in(n, float(n)), NOON + n) for n in (1, 2, 3)]
    held = shown(*three)
    assert held.held_until == next_day(NOON) and held.left(2, NOON + 9) == 0
    assert day_of(held.held_until) == "2030-03-05" and day_of(held.held_until - 1) == "2030-03-04"
    assert held.points == {"mlp": 2.0}, "a page that waits has shown nothing"
    still = shown(*three, (handed_in(3, 3.0), NOON + HOUR))
    assert still.held_until == held.held_until
    later = shown(*three, (handed_in(3, 3.0), held.held_until + 1))
    assert later.held_until is None and later.left(2, held.held_until + 1) == 1
    assert (later.before, later.points) == ({"mlp": 2.0}, {"mlp": 3.0})


def test_what_waits_is_given_at_the_due_date():
    end = NOON + 2 * HOUR
    three = [(handed_in(n), NOON + n) for n in (1, 2, 3)]
    assert shown(*three, end=end).held_until == end
    assert shown(*three, (handed_in(3), end), end=end).held_until is None
    late = [(handed_in(n), end + n) for n in (1, 2, 3)]
    assert shown(*late, end=end).held_until == next_day(NOON), "it has passed already"


def test_the_same_answers_again_are_no_draw():
    again = shown((handed_in(1, key="k"), NOON), (handed_in(2, key="k"), NOON + 60))
    assert again.held_until is None and again.left(2, NOON) == 1
    assert again.before == again.points, "nothing has changed since last time"


def test_a_watcher_that_was_ended_before_the_page_was_out_counts_once():
    once = shown((handed_in(1), NOON), (handed_in(2, 3.0), NOON + 60))
    twice = shown(
        (handed_in(1), NOON), (handed_in(2, 3.0), NOON + 60), (handed_in(2, 3.0), NOON + 90)
    )
    assert twice == once


def test_marks_that_were_mended_since_are_no_draw_but_a_change():
    mended = shown((handed_in(1, 1.0), NOON), (replace(handed_in(1, 3.0), key="other"), NOON + 60))
    assert mended.left(2, NOON) == 1
    assert (mended.before, mended.points) == ({"mlp": 1.0}, {"mlp": 3.0})


def test_without_a_number_nothing_waits():
    many = shown(*[(handed_in(n), NOON + n) for n in range(50)], per_day=0)
    assert many.held_until is None and many.left(0, NOON) is None


def test_old_days_are_forgotten():
    found = shown(*[(handed_in(n), NOON + n * 86400) for n in range(10)])
    assert len(found.days) <= 4


@pytest.mark.parametrize("text", ["", "{", "[]", '{"no": "such"}', "\x00"])
def test_a_damaged_note_counts_as_none(tmp_path, text):
    draws = Draws(tmp_path, "light")
    draws.put("ada", handed_in(1))
    assert draws.get("ada") == handed_in(1) and dict(draws.all()) == {"ada": handed_in(1)}
    (draws.folder / "ada.json").write_text(text)
    assert draws.get("ada") is None and dict(draws.all()) == {}
