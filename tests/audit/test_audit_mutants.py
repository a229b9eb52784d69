"""Mutants: what is changed, that each is different and can run, that samples stay."""

from __future__ import annotations

import ast

import pytest

from autograder.audit.mutants import diff, mutants, sample

SOURCE = '''"""A docstring."""
import numpy as np


def f(x, y, n=3):
    """Another."""
    total = 0
    for i in range(n):
        total += x - 2.5 * y
    if total > 1:
        return np.sum(x, axis=0)
    with np.errstate(all="ignore"):
        return np.matmul(x.T, y)[-1]
'''


def bodies(source: str = SOURCE) -> set[str]:
    """The changed lines of every mutant, without their indentation."""
    changes = [m.change.splitlines() for m in mutants("right-x", source)]
    return {line[1:].strip() for lines in changes for line in lines if line.startswith("+")}


@pytest.mark.parametrize(
    "slip",
    [
        "total += x + 2.5 * y",  # operators
        "total -= x - 2.5 * y",
        "total = x - 2.5 * y",
        "total += x - 2.5 / y",
        "total += 2.5 * y - x",  # operands exchanged
        "total += x",  # operands dropped
        "total += x - y",
        "total += x - 5.0 * y",  # constants
        "total += x - -2.5 * y",
        "def f(x, y, n=4):",
        "if total >= 1:",  # comparisons
        "if total < 1:",
        "return np.mean(x, axis=0)",  # related functions
        "return np.sum(x)",  # arguments dropped
        "return np.sum(x, axis=1)",
        "return np.matmul(y, x.T)[-1]",  # arguments exchanged
        "return np.matmul(x, y)[-1]",  # transposition dropped
        "return np.matmul(x.T, y)[1]",  # sign dropped
        "return np.matmul(x.T, y)",  # index dropped
        "return np.sum(y, axis=0)",  # parameters exchanged
        "for i in range(n - 1):",
        "for i in range(1, n):",
        "return",
    ],
)
def test_slips(slip):
    assert slip in bodies()


def test_dropped_statements_leave_valid_code():
    changes = {m.change for m in mutants("right-x", SOURCE) if m.kind == "statement dropped"}
    assert "-    total = 0" in changes
    assert "-        total += x - 2.5 * y\n+        pass" in changes
    assert any(change.startswith("-    for i in range(n):") for change in changes)


def test_each_mutant_differs_from_the_source_and_from_the_others():
    made = mutants("right-x", SOURCE)
    sources = [m.source for m in made]
    assert len(made) > 50 and len(set(sources)) == len(sources)
    assert ast.unparse(ast.parse(SOURCE)) not in sources
    assert all(m.change for m in made)
    for source in sources:
        compile(source, "<mutant>", "exec")


def test_imports_and_docstrings_stay():
    for m in mutants("right-x", SOURCE):
        assert "import numpy as np" in m.source and "Another." in m.source


def test_decorators_and_with_blocks_are_dropped():
    source = (
        "@torch.no_grad()\ndef f(x):\n    with torch.no_grad():\n        x.add_(1)\n    return x\n"
    )
    made = {(m.kind, m.change) for m in mutants("right-x", source)}
    assert ("decorator dropped", "-@torch.no_grad()") in made
    assert (
        "with dropped",
        "-    with torch.no_grad():\n-        x.add_(1)\n+    x.add_(1)",
    ) in made


def test_a_sample_is_the_same_every_time_and_hardly_changes_when_answers_are_added():
    made = mutants("right-x", SOURCE)
    assert sample(made, None) == sample(list(reversed(made)), None)
    drawn = sample(made, 10)
    assert len(drawn) == 10 and drawn == sample(list(reversed(made)), 10)
    more = sample(made + mutants("right-y", SOURCE), 20)
    assert {m.source for m in more if m.answer == "right-x"} & {m.source for m in drawn}
    assert [m for m in more if m.answer == "right-x"] == sample(
        made, sum(m.answer == "right-x" for m in more)
    )


def test_a_diff_shows_the_changed_lines_only():
    assert diff("a\nb\nc", "a\nB\nc") == "-b\n+B"


def test_what_is_not_python_is_refused():
    with pytest.raises(SyntaxError):
        mutants("right-x", "def f(:")
