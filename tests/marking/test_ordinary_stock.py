"""Ordinary test cells earn what stock nbgrader gives them: the same files, marked by both. Where we
differ, it is on purpose, and each difference stands here (docs/grading-and-security.md, "Ordinary
tests")."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.authoring.generate import generate
from autograder.course import Course
from autograder.marking.mark import mark
from autograder.marking.terms import terms_of
from tests.helpers.foreign import (
    STOCK,
    THREE_LINES,
    answered,
    graded,
    make,
    notebook,
    plain,
    solution,
    text,
)

pytestmark = pytest.mark.timeout(1200)

SOLUTIONS = {
    "square": "def square(x):\n    ### BEGIN SOLUTION\n    return x ** 2\n    ### END SOLUTION",
    "total": """
        def total(path):
            ### BEGIN SOLUTION
            with open(path) as file:
                return sum(float(line) for line in file)
            ### END SOLUTION
        """,
    "greet": "def greet(name):\n    ### BEGIN SOLUTION\n    print(f'Hello, {name}!')\n    ### END SOLUTION",
    "fetch": """
        async def fetch(x):
            ### BEGIN SOLUTION
            await asyncio.sleep(0)
            return 2 * x
            ### END SOLUTION
        """,
    "root": """
        def root(x):
            ### BEGIN SOLUTION
            if x < 0:
                raise ValueError("no root")
            return x ** 0.5
            ### END SOLUTION
        """,
    "line": """
        def line(ax):
            ### BEGIN SOLUTION
            ax.plot([0, 1], [0, 2], label="y = 2x")
            ax.set_xlabel("x")
            ### END SOLUTION
        """,
    "share": "def share():\n    ### BEGIN SOLUTION\n    return 1.0\n    ### END SOLUTION",
}

# The shapes that the test cells of public courses have: points, source.
TESTS: dict[str, tuple[float, str]] = {
    "visible": (1, "assert square(3) == 9"),
    "hidden": (
        2,
        """
        assert square(3) == 9, "three"
        ### BEGIN HIDDEN TESTS
        assert square(-4) == 16, "minus four"
        ### END HIDDEN TESTS
        """,
    ),
    "several": (1.5, "assert square(0) == 0\nassert square(1) == 1\nassert square(-2) == 4"),
    "points_none": (0, "assert square(3) == 9"),
    "asserts_nothing": (1, "found = square(3)"),
    "expression": (2, "0.5 * (square(3) == 9) + 0.5 * (square(0) == 0)"),
    "count": (3, "points = 0\nfor x in (1, 2, -3):\n    points += square(x) == x * x\npoints"),
    "count_integer": (3, "sum(int(square(x) == x * x) for x in (1, 2, -3))"),
    "truth": (1, "square(3) == 9"),
    "words": (1, "'right' if square(3) == 9 else 'wrong'"),
    "silent": (1, "assert square(3) == 9\n0;"),
    "a_list": (1, "[square(x) for x in range(3)]"),
    "allclose": (1, "from numpy.testing import assert_allclose\nassert_allclose(square(2.0), 4.0)"),
    "numpy": (1, "import numpy as np\nassert np.allclose(square(np.arange(3.0)), [0, 1, 4])"),
    "equal": (1, "np.testing.assert_array_equal(square(np.arange(3)), [0, 1, 4])"),
    "almost": (1, "import numpy.testing as nt\nnt.assert_almost_equal(square(0.1), 0.01)"),
    "unittest": (1, "import unittest\ntc = unittest.TestCase()\ntc.assertEqual(square(3), 9)"),
    "loop": (1, "for x in range(-3, 3):\n    assert square(x) == x * x, f'at {x}'"),
    "loop_with_else": (
        1,
        "for x in [1, 2]:\n    assert square(x)\nelse:\n    assert square(-1) == 1",
    ),
    "expected_error": (
        1,
        """
        try:
            root(-1)
        except ValueError:
            pass
        else:
            raise AssertionError("root(-1) is no number")
        """,
    ),
    "expected_error_flag": (
        1,
        """
        raised = False
        try:
            root(-1)
        except ValueError as error:
            raised = True
            assert str(error)
        assert raised
        """,
    ),
    "expected_error_unittest": (1, "with tc.assertRaises(ValueError):\n    root(-1)"),
    "errors_made_words": (
        2,
        """
        try:
            assert square(3) == 9
        except Exception as error:
            print("not yet:", error)
            raise
        """,
    ),
    "helper_defined": (
        1,
        """
        def same(a, b, places=7):
            assert round(abs(a - b), places) == 0, f"{a} is not {b}"

        same(square(3), 9)
        """,
    ),
    "helper_used": (1, "same(square(-1.5), 2.25)\nsame(root(16), 4)"),
    "class_defined": (
        1,
        """
        class Checks(unittest.TestCase):
            def test_square(self):
                self.assertEqual(square(-2), 4)

        found = unittest.TextTestRunner(stream=io.StringIO()).run(
            unittest.defaultTestLoader.loadTestsFromTestCase(Checks)
        )
        assert found.wasSuccessful()
        """,
    ),
    "sets": (0, "grid = [square(x) for x in range(4)]"),
    "reads": (1, "assert grid == [0, 1, 4, 9]"),
    "changes": (1, "grid.append(square(4))\nassert grid[-1] == 16"),
    "reads_changed": (1, "assert len(grid) == 5"),
    "prints": (1, "print('testing ...')\nassert square(3) == 9\nprint('passed')"),
    "plots": (
        2,
        """
        fig, ax = plt.subplots()
        line(ax)
        assert ax.get_xlabel() == "x"
        (drawn,) = ax.get_lines()
        assert list(drawn.get_ydata()) == [0, 2]
        plt.close(fig)
        """,
    ),
    "plots_and_shows": (1, "line(plt.gca())\nplt.show()"),
    "magic_line": (1, "%matplotlib inline\nassert square(3) == 9"),
    "magic_timeit": (1, "%timeit -n1 -r1 -q square(3)\nassert square(3) == 9"),
    "magic_time": (1, "%time found = square(3)\nassert found == 9"),
    "magic_value": (1, "took = %timeit -n1 -r1 -q -o square(3)\nassert took.best < 60"),
    "magic_cell": (1, "%%time\nassert square(3) == 9\nassert square(-1) == 1"),
    "captured": (1, "%%capture said\ngreet('Ada')"),
    "captured_read": (1, "assert said.stdout == 'Hello, Ada!\\n', said.stdout"),
    "captured_asserts": (1, "%%capture\ngreet('Ada')\nassert square(-3) == 9"),
    "captured_with": (
        1,
        """
        from contextlib import redirect_stdout
        with redirect_stdout(io.StringIO()) as out:
            greet("Bob")
        assert out.getvalue() == "Hello, Bob!\\n"
        """,
    ),
    "patched": (
        1,
        """
        from unittest.mock import patch
        with patch("builtins.print") as printing:
            greet("Cleo")
        printing.assert_called_once_with("Hello, Cleo!")
        """,
    ),
    "shell": (1, "!true\nassert square(3) == 9"),
    "shell_value": (1, "listed = !echo one two\nassert listed == ['one two'] and square(3) == 9"),
    "waits": (1, "assert await fetch(3) == 6"),
    "waits_for_many": (
        1,
        "found = await asyncio.gather(*map(fetch, range(3)))\nassert found == [0, 2, 4]",
    ),
    "waits_for_a_task": (
        1,
        """
        task = asyncio.create_task(fetch(4))
        assert await asyncio.wait_for(task, 5) == 8
        """,
    ),
    "makes_a_task": (0, "later = asyncio.ensure_future(fetch(5))"),
    "waits_for_that_task": (1, "assert await later == 10"),
    "asyncio_run": (1, "assert asyncio.run(fetch(1)) == 2"),
    "data": (1, "assert total('numbers.csv') == 6"),
    "data_in_folder": (1, "import os\nassert total(os.path.join('data', 'more.csv')) == 30"),
    "data_from_here": (
        1,
        "from pathlib import Path\nassert total(Path.cwd() / './data/more.csv') == 30",
    ),
    "module": (1, "import helpers\nassert helpers.twice(square(2)) == 8"),
    "writes": (
        1,
        "with open('own.csv', 'w') as file:\n    file.write('1\\n2\\n')\nassert total('own.csv') == 3",
    ),
    "reads_written": (1, "assert total('own.csv') == 3"),
    "removes": (1, "os.remove('own.csv')\nassert not Path('own.csv').exists() and square(2) == 4"),
    "folder": (1, "os.makedirs('made/here', exist_ok=True)\nassert os.listdir('made') == ['here']"),
    "asks": (1, "answer = input('a number? ')\nassert square(int(answer)) >= 0"),
    "stderr": (1, "print('a warning', file=sys.stderr)\nassert square(3) == 9"),
    "warns": (1, "import warnings\nwarnings.warn('careful')\nassert square(3) == 9"),
    "warns_caught": (
        1,
        """
        with warnings.catch_warnings(record=True):
            warnings.simplefilter("always")
            warnings.warn("careful")
            assert square(3) == 9
        """,
    ),
    "logs": (
        1,
        "import logging\nlogging.getLogger('here').warning('careful')\nassert square(3) == 9",
    ),
    "ends_itself": (1, "if square(3) != 9:\n    sys.exit('wrong')"),
    "raises": (1, "if square(-3) != 9:\n    raise ValueError('wrong')"),
    "seeded": (1, "np.random.seed(1)\nassert square(np.random.rand()) == 0.417022004702574 ** 2"),
    "drawn": (1, "assert np.isclose(np.random.rand(), 0.7203244934421581) and square(1) == 1"),
    "source_of": (1, "import inspect\nassert '**' in inspect.getsource(square)"),
    "names": (1, "assert callable(globals()['square']) and 'square' in dir()"),
    "shadowed": (1, "list = 5\nassert square(list) == 25\ndel list"),
    "comments": (1, "# a comment\n\nassert square(3) == 9  # and another\n# the end"),
    "nothing": (1, "# there is nothing to see"),
    "continued": (1, "assert square(3) \\\n    == 9"),
    "semicolons": (1, "x = square(3); assert x == 9; print(x)"),
    "unicode": (1, "größe = square(3)\nassert größe == 9, 'Größe – 大'"),
    "annotations": (1, "def typed(x: 'int') -> int:\n    return square(x)\nassert typed(2) == 4"),
    "shown": (
        1,
        "from IPython.display import HTML, display\ndisplay(HTML('<b>hi</b>'))\nassert square(1) == 1",
    ),
    "a_table": (1, "HTML('<table></table>')"),
    "lambda": (1, "check = lambda f: f(2) == 4\nassert check(square)"),
    "comprehension": (1, "assert all(square(x) == x * x for x in range(-3, 3))"),
    "match": (1, "match square(2):\n    case 4:\n        pass\n    case _:\n        assert False"),
    "nested": (
        1,
        "if True:\n    for x in [2]:\n        with open('numbers.csv'):\n            assert square(x) == 4",
    ),
    "deletes": (1, "del grid\nassert square(3) == 9"),
    "a_share": (4, "4 * share()"),
}

ANSWERS: dict[str, dict[str, str]] = {
    "right": {
        "square": "def square(x):\n    return x ** 2",
        "total": "def total(path):\n    return sum(map(float, open(path).read().split()))",
        "greet": "def greet(name):\n    print('Hello, ' + name + '!')",
        "fetch": "async def fetch(x):\n    await asyncio.sleep(0.01)\n    return x + x",
        "root": "def root(x):\n    if x < 0:\n        raise ValueError('none')\n    return x ** 0.5",
        "line": "def line(ax):\n    ax.plot([0, 1], [0, 2])\n    ax.set_xlabel('x')",
        "share": "def share():\n    return 1",
    },
    "wrong": {
        "square": "def square(x):\n    return x * abs(x)",
        "total": "def total(path):\n    return sum(map(float, open(path).read().split())) - 1",
        "greet": "def greet(name):\n    print('Hello', name)",
        "fetch": "async def fetch(x):\n    return x",
        "root": "def root(x):\n    return abs(x) ** 0.5",
        "line": "def line(ax):\n    ax.plot([0, 1], [0, 1])",
        "share": "def share():\n    return 0.25",
    },
    "raising": {
        "square": "def square(x):\n    raise KeyError(x)",
        "total": "def total(path):\n    return open('missing').read()",
        "greet": "def greet(name):\n    return 'Hello, ' + nme",
        "fetch": "async def fetch(x):\n    await None",
        "root": "def root(x):\n    raise SystemExit(1)",
        "line": "this is not python",
        "share": "import sys\ndef share():\n    sys.exit()",
    },
    "noisy": {
        "square": "import warnings\ndef square(x):\n    warnings.warn(f'squaring {x}')\n    return x ** 2",
        "greet": "import sys\ndef greet(name):\n    print(f'Hello, {name}!')\n    print('!', file=sys.stderr)",
        "total": "import logging\ndef total(path):\n    logging.warning('reading')\n    return sum(map(float, open(path)))",
        "line": "def line(ax):\n    print('drawing')\n    ax.plot([0, 1], [0, 2])\n    ax.set_xlabel('x')",
        "share": "def share():\n    return 0",
    },
    "blank": {},
    "partly": {
        "square": "def square(x):\n    return x ** 2",
        "share": "def share():\n    return 0.5",
    },
}

FILES = {
    "numbers.csv": b"1\n2\n3\n",
    "data/more.csv": b"10\n20\n",
    "helpers.py": b"def twice(x):\n    return 2 * x\n",
}
IMPORTS = "import asyncio, io, sys\nimport matplotlib.pyplot as plt"

# What is marked otherwise on purpose: {(submission, test): (stock, ours)}.
OTHERWISE: dict[tuple[str, str], tuple[float, float]] = {}


def master() -> str:
    cells = [text("# Shapes"), plain(IMPORTS)]
    cells += [solution(id, source) for id, source in SOLUTIONS.items()]
    cells += [graded(f"test_{id}", source, points) for id, (points, source) in TESTS.items()]
    return notebook(cells)


def by_stock(root: Path, assignment: str = "ps1") -> dict[str, dict[str, float | None]]:
    """{student: {test: points}} as stock nbgrader gives them, in a process of its own; a student
    whose submission it gave up has none."""
    command = [sys.executable, "-m", "nbgrader", "autograde", assignment, "--create"]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = os.environ | {"PATH": path}
    subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, check=False)
    found = {}
    with Gradebook(Course(root).directory.db_url) as gradebook:
        for submission in gradebook.assignment_submissions(assignment):
            marks = {
                grade.name.removeprefix("test_"): grade.auto_score
                for book in submission.notebooks
                for grade in book.grades
            }
            found[submission.student.id] = (
                marks if any(m is not None for m in marks.values()) else {}
            )
    return found


def by_us(root: Path, student: str, assignment: str = "ps1"):
    """{test: points} and the result of the same files."""
    course = Course(root)
    folder = root / "submitted" / student / assignment
    files = {path.stem: path.read_bytes() for path in folder.glob("*.ipynb")}
    result = mark(course.exam(assignment), files, terms_of(course.marking, root))
    exercises = [e for n in result.notebooks for e in n.exercises]
    return {e.id.removeprefix("test_"): e.points for e in exercises}, result


def hand_in(roots: list[Path], student: str, text: str, assignment="ps1", name="shapes"):
    for root in roots:
        folder = root / "submitted" / student / assignment
        folder.mkdir(parents=True)
        (folder / f"{name}.ipynb").write_text(text)
        for path, content in FILES.items():  # a student hands in what came with the notebook
            (folder / path).parent.mkdir(exist_ok=True)
            (folder / path).write_bytes(content)


@pytest.fixture(scope="module")
def courses(tmp_path_factory):
    """The same assignment in a stock course and in ours, and everybody's submissions in both."""
    folder = tmp_path_factory.mktemp("parity")
    books = {"shapes": master()}
    stock = make(folder / "stock", books, config=STOCK, files=FILES)
    ours = make(folder / "ours", books, config=THREE_LINES, files=FILES)
    released = generate(Course(stock), "ps1") / "shapes.ipynb"
    for student, answers in ANSWERS.items():
        hand_in([stock, ours], student, answered(released, answers))
    return stock, ours


@pytest.fixture(scope="module")
def stock(courses):
    return by_stock(courses[0])


@pytest.mark.parametrize("student", ANSWERS)
def test_each_test_cell_earns_what_stock_nbgrader_gives(student, courses, stock):
    found, result = by_us(courses[1], student)
    differences = {
        id: (stock[student][id], found[id]) for id in TESTS if stock[student][id] != found[id]
    }
    meant = {id: marks for (who, id), marks in OTHERWISE.items() if who == student}
    assert differences == meant, json.dumps(result.to_json()["incidents"], indent=1)
    assert result.status.value == "graded"


# Where we differ on purpose: one exercise, `share`, and tests that read it.
ENDS: dict[str, tuple[float, str]] = {
    "number": (2, "share()"),
    "before": (2, "assert share() is not None, 'nothing'\nsetting = 3"),
    "fails": (1, "assert share() == 'never'\nlater = 4"),
    "behind": (1, "assert later == 4"),
    "package": (1, "from nose.tools import assert_equal\nassert_equal(1, 1)"),
}
RETURNS = {
    "nan": "return float('nan')",
    "negative": "return -1",
    "looks": "return type('N', (), {'__repr__': lambda self: '2'})()",
    "numpy": "import numpy as np\n    return np.float64(0.5)",
    "array": "import numpy as np\n    return np.array(0.5)",
    "more": "return 17",
    "text": "return 'two'",
}
NUMBER = {  # what `number` earns: (stock, ours); None: stock gives the whole submission up
    "nan": (2, 0),
    "negative": (2, 0),
    "looks": (2, 0),
    "numpy": (2, 0.5),
    "array": (2, 0.5),
    "more": (None, 2),
    "text": (2, 2),
}
ENDINGS = {
    "dies": "import os\ndef share():\n    os._exit(0)",
    "grows": "def share():\n    return [bytearray(2**24) for i in range(10**6)]",
    "loops": "def share():\n    while True:\n        try:\n            while True: pass\n"
    "        except BaseException: pass",
}


@pytest.fixture(scope="module")
def differing(tmp_path_factory):
    folder = tmp_path_factory.mktemp("differences")
    cells = [
        solution(
            "share", "def share():\n    ### BEGIN SOLUTION\n    return 2\n    ### END SOLUTION"
        )
    ]
    cells += [graded(f"test_{id}", source, points) for id, (points, source) in ENDS.items()]
    books = {"ends": notebook(cells)}
    stock = make(folder / "stock", books, config=STOCK)
    limits = "c.Marking.probe_seconds = 4\nc.Marking.memory_bytes = 2**30\n"
    ours = make(folder / "ours", books, config=THREE_LINES + limits)
    released = generate(Course(stock), "ps1") / "ends.ipynb"
    for student, line in RETURNS.items():
        text = answered(released, {"share": f"def share():\n    {line}"})
        hand_in([stock, ours], student, text, name="ends")
    for student, code in ENDINGS.items():  # stock would wait for ever, or lose the submission
        hand_in([ours], student, answered(released, {"share": code}), name="ends")
    skipping = json.loads(answered(released, {"share": "def share():\n    return None"}))
    for cell in skipping["cells"][1:]:
        cell["metadata"]["tags"] = ["skip-execution"]
    hand_in([stock, ours], "skipping", json.dumps(skipping), name="ends")
    return ours, by_stock(stock)


@pytest.mark.parametrize("student", RETURNS)
def test_a_mark_that_is_no_number_between_nothing_and_the_points(student, differing):
    found, result = by_us(differing[0], student)
    theirs = differing[1][student]
    assert (theirs.get("number"), found["number"]) == NUMBER[student]
    said = " ".join(result.notebooks[0].incidents)
    assert ("only looks like a number" in said) == (student == "looks")


def test_what_a_test_sets_behind_a_failed_assertion_is_there_for_later_ones(differing):
    found, _ = by_us(differing[0], "text")
    assert (differing[1]["text"]["behind"], found["behind"]) == (0, 1)
    assert differing[1]["text"]["fails"] == found["fails"] == 0


def test_a_package_that_only_the_test_needs_is_for_a_person(differing):
    found, result = by_us(differing[0], "text")
    assert differing[1]["text"]["package"] == found["package"] == 0
    assert result.status.value == "review" and "nose, which is not installed" in result.reasons[0]


def test_what_never_ran_earns_nothing(differing):
    found, _ = by_us(differing[0], "skipping")
    assert found["number"] == 2  # None is no number, for nbgrader neither
    assert found["before"] == found["fails"] == 0


@pytest.mark.parametrize("student", ENDINGS)
def test_what_ends_a_kernel_costs_its_own_tests_only(student, differing):
    found, result = by_us(differing[0], student)
    ended = "hung or ended the kernel" in " ".join(result.notebooks[0].incidents)
    assert ended == (student != "grows")  # that one meets an error, and lives
    # the replay goes as far as the test went
    behind = 0 if ended else 1
    assert found == {"number": 0, "before": 0, "fails": 0, "behind": behind, "package": 0}
