"""Ordinary test cells: what they earn, what is said of them, and what shows up bent assertions."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.checks.ordinary.cell import TestCellError, read_cell
from autograder.checks.ordinary.trial import BENT, WHOLE, _shares, try_cell
from autograder.door.student import InProcessStudent, ProbeTimeout

SQUARE = "def square(x):\n    return x ** 2\n"
TWO_TESTS = """
assert square(3) == 9, f"square(3) is {square(3)}"
### BEGIN HIDDEN TESTS
assert square(-7) == 49, "Negative numbers have squares too."
assert square(4) == 16, "square(4) must be 16"
### END HIDDEN TESTS
"""


def tried(test: str, code: str = SQUARE, points: float = 2, seed: int = 1, **options):
    names: dict = {"__name__": "__main__", "np": np}
    exec(code, names)
    return try_cell(read_cell("t", points, test), InProcessStudent(names), seed, **options)


def messages(trial) -> dict[str, str]:
    return {c.name: c.message for c in trial.verdict.criteria}


RIGHT = {
    "assert": "assert square(3) == 9",
    "several": "assert square(3) == 9\nassert square(0) == 0",
    "nothing asserted": "square(3)",
    "numpy's own": "from numpy.testing import assert_allclose\nassert_allclose(square(2.0), 4.0)",
    "loop": "for x in range(5):\n    assert square(x) == x * x",
    "expected error": "try:\n    square('a')\nexcept TypeError:\n    pass\nelse:\n    raise AssertionError",
    "with": "import contextlib\nwith contextlib.suppress(TypeError):\n    square('a')\n    assert False",
    "helper": "def same(a, b):\n    assert a == b\nsame(square(3), 9)",
    "class": "import unittest\ncase = unittest.TestCase()\ncase.assertEqual(square(3), 9)",
    "print": "print('testing')\nassert square(3) == 9",
    "magic": "%timeit -n1 -r1 -q square(3)\nassert square(3) == 9",
    "time": "%time x = square(3)\nassert x == 9",
    "cell magic": "%%time\nassert square(3) == 9",
    "await": "import asyncio\nawait asyncio.sleep(0)\nassert square(3) == 9",
    "async for": "async def numbers():\n    yield 2\nasync for x in numbers():\n    assert square(x) == 4",
    "text at the end": "assert square(3) == 9\n'well done'",
    "truth at the end": "square(3) == 8",
    "none at the end": "print(1)",
    "all points at the end": "1.0 + (square(3) == 9)",
    "a number that is not shown": "assert square(3) == 9\n0;",
    "numpy's number": "np.float64(2.0)",
    "comment": "# nothing here\nassert square(3) == 9  # ok",
    "decorated": "import functools\n@functools.cache\ndef f(x):\n    return square(x)\nassert f(3) == 9",
    "empty": "# nothing",
    "multi-line": "assert (\n    square(3)\n    ==\n    9\n)",
    "semicolons": "x = square(3); assert x == 9",
    "non-ascii": "größe = square(3)\nassert größe == 9, 'Größe'",
}


@pytest.mark.parametrize("test", RIGHT.values(), ids=RIGHT)
def test_what_nbgrader_gives_full_points_to(test, monkeypatch):
    if test.startswith("%timeit"):
        pytest.importorskip("IPython")
        from IPython.core.interactiveshell import InteractiveShell

        shell = InteractiveShell.instance()
        monkeypatch.setattr("builtins.get_ipython", lambda: shell, raising=False)
    for seed in range(4):
        trial = tried(test, seed=seed)
        assert trial.verdict.points == 2, messages(trial)
        assert trial.incidents == []


LOST = {
    "assert": ("assert square(3) == 8", 0),
    "one of two": ("assert square(3) == 9\nassert square(3) == 8", 0),
    "error": ("square()", 0),
    "error behind an assertion": ("assert square(3) == 9\nmissing", 0),
    "loop": ("for x in range(5):\n    assert square(x) == 2 * x", 0),
    "no error where one is expected": (
        "try:\n    square(1)\nexcept TypeError:\n    pass\nelse:\n    raise AssertionError",
        0,
    ),
    "exit": ("import sys\nsys.exit(0)", 0),
    "standard error": ("import sys\nprint('x', file=sys.stderr)", 0),
    "some points": ("0.5 * (square(3) == 9)", 0.5),
    "no points": ("0", 0),
    "too many points": ("17", 2),
    "less than none": ("-1", 0),
    "no number": ("float('nan')", 0),
    "endless": ("float('inf')", 0),
    "points behind a failed assertion": ("assert square(3) == 8\n2", 0),
    "what only looks like a number": ("class N:\n    __repr__ = lambda s: '2'\nN()", 0),
    "await": ("import asyncio\nawait asyncio.sleep(0)\nassert square(3) == 8", 0),
    "timed": ("%%time\nassert square(3) == 8", 0),
    "timed line": ("%time square(1 / 0)", 0),
    "helper": ("def same(a, b):\n    assert a == b\nsame(square(3), 8)", 0),
    "input": ("input('?')", 0),
}


@pytest.mark.parametrize(("test", "points"), LOST.values(), ids=LOST)
def test_what_earns_less(test, points, monkeypatch):
    monkeypatch.setattr("builtins.input", lambda *a: 1 / 0)
    trial = tried(test)
    assert trial.verdict.points == points
    assert not trial.verdict.criteria[-1].passed or points


def test_a_student_reads_the_messages_that_were_written_for_her():
    trial = tried(TWO_TESTS, "def square(x):\n    return x * abs(x) + 1\n")
    assert messages(trial) == {
        "1. assert square(3) == 9": "square(3) is 10",
        "hidden test 1": "Negative numbers have squares too.",
        "hidden test 2": "A hidden test does not hold.",  # its text holds a value
        WHOLE: "Not every test holds.",
    }


def test_nothing_of_a_hidden_test_is_said():
    hidden = (
        "### BEGIN HIDDEN TESTS\nsecret = 12345\nassert square(secret) == 1, secret\n{}[secret]\n"
    )
    for code in (SQUARE, "def square(x):\n    raise KeyError(x)", "def square(x):\n    return x"):
        for partial in (False, True):
            said = str(tried(hidden, code, partial=partial).verdict)
            assert "12345" not in said and "secret" not in said
            assert "hidden test" in said


def test_what_comes_after_an_error_is_not_tried():
    trial = tried("assert square(3) == 9\nbroken\nassert square(2) == 4")
    told = messages(trial)
    assert told["2. assert square(2) == 4"].startswith("Not tried")
    assert (
        told[WHOLE]
        == "name 'broken' is not defined (NameError): does its cell run, and is it spelt as asked?"
    )
    assert trial.name_errors == ["name 'broken' is not defined"]


def test_shares_add_up_to_the_points_and_are_earned_one_by_one():
    three = "\n".join(f"assert square({x}) == {x * x}" for x in (0, 1, 3))
    trial = tried(three, partial=True)
    assert trial.verdict.points == trial.verdict.max_points == 2
    trial = tried(three, "def square(x):\n    return x", partial=True)
    assert trial.verdict.points == pytest.approx(4 / 3, abs=1e-5)
    assert tried(three, "def square(x):\n    return x").verdict.points == 0


def test_the_sum_of_all_shares_is_the_points_to_the_last_digit():
    """A ten-millionth more, and recording would refuse the mark."""
    for points in (0.1, 0.25, 0.3, 0.5, 1, 1.7, 2, 2.5, 3, 7, 10, 12.5):
        for count in range(1, 60):
            shares = _shares(points, count)
            assert float(sum(shares)) == points and min(shares) > 0
            assert all(float(sum(shares[:i] + shares[i + 1 :])) < points for i in range(count))


BENT_BY = {
    "compile": "import builtins\nreal = builtins.compile\nbuiltins.compile = lambda *a, **k: "
    "real('None', '', 'eval') if a[1] == '<test>' else real(*a, **k)",
    "allclose": "np = type('np', (), {'allclose': staticmethod(lambda *a, **k: True)})",
    "testing": "def assert_allclose(*a, **k): pass",
    "all": "import builtins\nbuiltins.all = lambda x: True",
}
LEANING = """
assert all(square(x) == x for x in range(9))
assert np.allclose(square(3), 10)
assert_allclose(square(3), 8)
"""


@pytest.mark.parametrize("code", BENT_BY.values(), ids=BENT_BY)
def test_code_that_bends_assertions_earns_nothing_and_is_told_of(code):
    import builtins

    before = builtins.compile, builtins.all
    bent = 0
    for seed in range(6):
        try:
            trial = tried(LEANING, SQUARE + code, seed=seed)
        finally:
            builtins.compile, builtins.all = before
        assert trial.verdict.points == 0
        bent += BENT in str(trial.verdict) and "earns nothing" in trial.incidents[0]
    assert bent == 6


class Hears:
    """A student who keeps what is sent, and may answer for itself."""

    def __init__(self, names: dict, reply: dict | None = None):
        self.inner, self.sent, self.reply = InProcessStudent(names), [], reply

    def run(self, probe, *, returns, **inputs):
        self.sent.append(str(inputs["steps"]))
        return self.reply or self.inner.run(probe, returns=returns, **inputs)


def test_a_hidden_statement_is_not_sent_with_those_that_students_see():
    names: dict = {}
    exec(SQUARE, names)
    for seed in range(4):
        student = Hears(names)
        test = read_cell("t", 2, "x = 1\n" + TWO_TESTS + "assert square(5) == 25")
        assert try_cell(test, student, seed).verdict.points == 2
        assert all(
            not ("-7" in sent and ("square(3)" in sent or "25" in sent)) for sent in student.sent
        )


def test_an_error_with_a_name_of_the_students_says_nothing_of_a_hidden_test():
    code = (
        "def square(x):\n    if x < 0: raise type(f'square({x})', (Exception,), {})\n    return 9"
    )
    told = messages(tried(TWO_TESTS, code))
    assert told["hidden test 1"] == "Negative numbers have squares too."
    silent = TWO_TESTS.replace(', "Negative numbers have squares too."', "")
    assert messages(tried(silent, code))["hidden test 1"] == "A hidden test ended in an error."


@pytest.mark.parametrize(
    "reply",
    [
        {"outcomes": [[True, "", ""]] * 9, "value": None, "noise": float("inf")},
        {"outcomes": [[True, "", ""]] * 9, "value": [[]], "noise": "many"},
        {"outcomes": 3, "value": None, "noise": 0},
        {"outcomes": [[1]], "value": None, "noise": 0},
        {"outcomes": np.zeros((9, 3, 2)), "value": np.zeros(3), "noise": 0},
        {"outcomes": []},
    ],
)
def test_an_answer_of_any_form_is_the_students_own_fault(reply):
    trial = try_cell(read_cell("t", 2, "assert square(3) == 9"), Hears({}, reply), 1)
    assert trial.verdict.points == 0


def test_tasks_live_from_one_cell_to_the_next_and_fail_in_their_own():
    names: dict = {"__name__": "__main__"}
    exec("import asyncio\nasync def f(x):\n    await asyncio.sleep(0)\n    return 1 / x", names)
    student = InProcessStudent(names)
    for source, points in (
        ("later = asyncio.create_task(f(2))", 1),
        ("assert await later == 0.5", 1),
        ("await f(0)", 0),
        ("import sys\nasync def ends():\n    sys.exit()\nawait ends()", 0),
        ("assert sum(await asyncio.gather(f(1), f(2))) == 1.5", 1),
    ):
        assert try_cell(read_cell("t", 1, source), student, 1).verdict.points == points, source


def test_a_logger_is_heard_that_was_made_before():
    student = InProcessStudent({"__name__": "__main__"})
    log = "import logging\nhere = logging.getLogger('here')\nhere.propagate = False\n"
    handler = "here.addHandler(logging.StreamHandler())\nhere.warning('x')"
    assert try_cell(read_cell("t", 1, log + handler), student, 1).verdict.points == 0
    assert try_cell(read_cell("t", 1, "here.warning('y')"), student, 1).verdict.points == 0
    assert try_cell(read_cell("t", 1, "here"), student, 1).verdict.points == 1


def test_what_is_captured_can_be_read_and_its_assertions_count():
    names: dict = {}
    exec("def greet():\n    print('hi')", names)
    student = InProcessStudent(names)
    for source, points in (
        ("# first\n%%capture said\ngreet()", 1),
        ("assert said.stdout == 'hi\\n'", 1),
        ("%%capture --no-stderr said\nimport sys\nprint(1, file=sys.stderr)", 0),
        ("%%capture\ngreet()\nassert 1 == 2", 0),
        ("%%capture", 1),
    ):
        assert try_cell(read_cell("t", 1, source), student, 1).verdict.points == points, source
    hidden = read_cell("t", 1, "%%capture\n### BEGIN HIDDEN TESTS\nassert 1\n### END HIDDEN TESTS")
    assert [s.hidden for s in hidden.statements] == [True]


def test_a_course_that_asks_for_its_own_isclose_is_not_suspected():
    answer = "def isclose(a, b):\n    return True"
    test = read_cell("t", 1, "assert isclose(1, 1)", asked=frozenset({"isclose"}))
    names: dict = {}
    exec(answer, names)
    trial = try_cell(test, InProcessStudent(names), 1)
    assert trial.verdict.points == 1 and not trial.incidents


def test_a_package_that_the_test_needs_and_that_is_missing_is_for_a_person():
    trial = tried("from nose.tools import assert_equal\nassert_equal(square(3), 9)")
    assert trial.verdict.points == 0
    assert "imports nose, which is not installed" in trial.review[0]
    theirs = tried("square(3)", "def square(x):\n    import nose")
    assert theirs.review == []  # the student's own import


def test_a_hang_ends_the_test_and_what_was_earned_before_stays():
    class Hangs:
        def __init__(self):
            self.inner, self.count = InProcessStudent({"square": lambda x: x * x}), 0

        def run(self, probe, *, returns, **inputs):
            self.count += 1
            if self.count == 2:
                raise ProbeTimeout("No answer came within 2 seconds.")
            return self.inner.run(probe, returns=returns, **inputs)

    test = read_cell("t", 2, "assert square(3) == 9\nassert square(2) == 4")
    assert try_cell(test, Hangs(), 1).verdict.points == 0
    trial = try_cell(test, Hangs(), 1, partial=True)
    assert trial.verdict.points == 1
    assert "within 2 seconds" in str(trial.verdict)


def test_a_test_that_is_no_python_is_told_of_in_one_line():
    with pytest.raises(TestCellError, match=r"'t' is no Python \(line 1"):
        read_cell("t", 1, "assert square(3 == 9")


def test_the_course_says_how_hidden_tests_are_marked():
    test = read_cell("t", 1, "assert 1\n# SECRET\nassert 2\n# OPEN\nassert 3", ("SECRET", "OPEN"))
    assert [s.hidden for s in test.statements] == [False, True, False]
