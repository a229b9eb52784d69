"""Assertions whose outcome is known: they show up code that bends assertions."""

from __future__ import annotations

import random
from dataclasses import dataclass

# What tests lean on, by its last name: its arguments when it must not hold, {a} and {b} being
# different numbers.
TWO = "{a}, {b}"
LEANED_ON = {
    **dict.fromkeys(("all", "any"), "[{a} == {b}]"),
    "isinstance": "{a}, str",
    **dict.fromkeys(("allclose", "isclose", "array_equal", "array_equiv"), TWO),
}
ASSERTING = {
    **dict.fromkeys(
        (
            "assert_equal assert_allclose assert_almost_equal assert_approx_equal "
            "assert_array_equal assert_array_almost_equal assert_is assertEqual assertIs "
            "assertAlmostEqual assertCountEqual assert_close"
        ).split(),
        TWO,
    ),
    **dict.fromkeys(("assert_", "assert_true", "assertTrue"), "{a} == {b}"),
    **dict.fromkeys(("assert_false", "assertFalse"), "{a} == {a}"),
}
FORMS = (
    ("assert {a} == {b}", "assert {a} == {a}"),
    ("assert {a} != {a}", "assert {a} != {b}"),
    ("assert {b} in [{a}]", "assert {b} in [{a}, {b}]"),
    ("assert not {a}", "assert {a}"),
    ("assert abs({a} - {b}) < 1", "assert abs({a} - {a}) < 1"),
)


@dataclass(frozen=True)
class Canary:
    """A statement and its outcome: that it holds, that it fails as an assertion does, or, where
    `named` is set (a function may be missing, or take no numbers), that it does not hold."""

    code: str
    holds: bool
    named: bool = False

    def sings(self, *, ok: bool, kind: str) -> bool:
        """Whether the outcome is the one that it must have."""
        if self.named:
            return not ok
        return ok if self.holds else (not ok and kind == "AssertionError")


def pair(rng: random.Random) -> list[Canary]:
    """One assertion that must fail and one that must hold, in random order."""
    fails, holds = rng.choice(FORMS)
    found = [Canary(_filled(fails, rng), False), Canary(_filled(holds, rng), True)]
    rng.shuffle(found)
    return found


def of_function(name: str, rng: random.Random) -> Canary | None:
    """A call of what the tests lean on that must not hold; None where nothing is known of it."""
    last = name.rpartition(".")[2]
    if last in ASSERTING:
        return Canary(_filled(f"{name}({ASSERTING[last]})", rng), False, named=True)
    if last in LEANED_ON:
        return Canary(_filled(f"assert {name}({LEANED_ON[last]})", rng), False, named=True)
    return None


def _filled(form: str, rng: random.Random) -> str:
    a, b = rng.sample(range(100, 100_000), 2)
    return form.format(a=a, b=b)
