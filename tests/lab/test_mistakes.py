"""Named mistakes: an answer that says `[name]` in its first line is recognised, and its student
gets the hint."""

from __future__ import annotations

import re

import numpy as np
import pytest

from autograder.checks.ask import Call
from autograder.lab import reference
from autograder.lab.train import check as train
from autograder.lab.train.sgd import Variant
from tests.helpers.answers import ANSWERS, answers, marked
from tests.helpers.lab import EXERCISES, catalogue, describe
from tests.lab.test_checks import seeds


def name_of(exercise: str, answer: str) -> str | None:
    first = (ANSWERS / exercise / f"{answer}.py").read_text().partition("\n")[0]
    found = re.search(r"\[([\w-]+)\]$", first)
    return found[1] if found else None


NAMED = [(e, n, slug) for e, n in answers("wrong") if (slug := name_of(e, n))]


@pytest.mark.parametrize(("exercise", "answer", "slug"), NAMED)
@pytest.mark.slow
def test_a_named_mistake_is_recognised(exercise, answer, slug):
    hints = [m.hint for m in catalogue(exercise).mistakes if m.slug == slug]
    for verdict in marked(exercise, answer, seeds(exercise, 2)):
        lines = [c for c in verdict.criteria if c.mistake == slug]
        assert lines, f"{[c.mistake for c in verdict.criteria]}\n{verdict}"
        assert not any(c.passed for c in lines)
        # a hint is read once
        assert sum(any(hint in c.message for hint in hints) for c in lines) == 1


@pytest.mark.parametrize("exercise", EXERCISES)
def test_catalogues(exercise):
    mistakes = catalogue(exercise).mistakes
    assert len(mistakes) >= 5
    for mistake in mistakes:
        assert mistake.line and "\n" not in mistake.line and describe(exercise, mistake.slug)
        assert re.search("[.?]$", mistake.hint) and len(mistake.hint) < 200, mistake.hint
    known = {mistake.slug for mistake in mistakes}
    assert {slug for e, _, slug in NAMED if e == exercise} <= known


def test_a_slug_of_another_version_stands_for_itself():
    assert describe("mlp", "no-such-mistake") == "no-such-mistake"


def test_a_trainer_with_nothing_changed_is_plain_sgd():
    p = train.problem(np.random.default_rng(4))
    asked = p | {"batch": 3, "passes": 2, "lr": 0.05}
    found = Variant().run(Call(("losses", "after"), asked, {}))
    losses, after = reference.sgd(train.given(p), train.batches(p, 3), 2, 0.05)
    assert found["losses"] == pytest.approx(losses, rel=1e-12)
    assert found["after"] == pytest.approx(train.flat(after), rel=1e-12)
