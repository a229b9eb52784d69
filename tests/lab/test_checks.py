"""The hidden tests put to the test: every answer in tests/answers, trivial ones, lost students,
arbitrary data."""

from __future__ import annotations

import subprocess
import sys
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.assignment.exam import Kind
from autograder.course import Course
from autograder.door.student import InProcessStudent, ProbeTimeout
from tests.conftest import ROOT
from tests.helpers.answers import TOLD, answers, forked, load, marked
from tests.helpers.lab import CHECKS as checks
from tests.helpers.lab import EXERCISES, criteria, max_points, run_check

POINTS = {exercise: max_points(exercise) for exercise in EXERCISES}
# what others rely on: who changes a check and its master together meets it here
AGREED = {
    "mlp": 3,
    "train": 4,
    "predict": 2,
    "interpolate": 3,
    "ntk_kernel": 5,
    "test_ntk_accuracy": 2,
    "gen_bound": 3,
    "gradient_descent": 3,
    "lazy_directions": 3,
    "minimum_norm": 3,
    "empirical_ntk": 4,
    "predicted_loss": 3,
    "scaled": 2,
    "rich_net": 3,
    "alignment": 2,
}
TRAINED = tuple(e for e in EXERCISES if checks.load(e).trains)
# one seed is enough: they train, or a seed changes nothing of what is asked
FIXED = tuple(e for e in EXERCISES if e in TRAINED or not checks.load(e).drawn)
PENDING = "This holds, and will count"


def seeds(exercise: str, count: int) -> tuple[int, ...]:
    return tuple(range(101, 102 if exercise in FIXED else 101 + count))


def test_exercises_and_points():
    """The criteria of a check are worth together what the master's test cell says."""
    course = Course(ROOT)
    cells = {
        cell.exercise: cell.points
        for name in course.assignments()
        for notebook in course.exam(name).notebooks
        for cell in notebook.graded()
        if cell.kind is Kind.TEST
    }
    assert cells == POINTS == AGREED
    for exercise in EXERCISES:
        rules = checks.load(exercise).rules
        assert len({rule.name for rule in rules}) == len(rules)
        assert all(rule.points > 0 and rule.holds.endswith(".") for rule in rules)


def test_there_are_answers_of_every_kind():
    for exercise in EXERCISES:
        assert len(answers("right", exercise)) >= 8
        assert len(answers("wrong", exercise)) >= 20
        assert len(answers("hostile", exercise)) >= 1


@pytest.mark.parametrize("exercise", [e for e in EXERCISES if e not in TRAINED])
def test_the_reference_answer_earns_everything_and_a_wrong_one_does_not(exercise):
    [right] = marked(exercise, "right-reference", seeds(exercise, 1))
    assert right.points == POINTS[exercise], str(right)
    _, name = answers("wrong", exercise)[0]
    [wrong] = marked(exercise, name, seeds(exercise, 1))
    assert wrong.points < POINTS[exercise], str(wrong)


# seconds of training: marked with the whole notebook, below
WHOLE = [(exercise, "right-other-style") for exercise in TRAINED]


@pytest.mark.parametrize(
    ("exercise", "name"), [answer for answer in answers("right") if answer not in WHOLE]
)
@pytest.mark.slow
def test_right_answers_earn_everything(exercise, name):
    for verdict in marked(exercise, name, seeds(exercise, 4)):
        assert verdict.points == POINTS[exercise], str(verdict)
        assert all(c.passed for c in verdict.criteria)


@pytest.mark.parametrize(("exercise", "name"), answers("wrong"))
@pytest.mark.slow
def test_wrong_answers_lose_points(exercise, name):
    for verdict in marked(exercise, name, seeds(exercise, 2)):
        assert verdict.points < POINTS[exercise], str(verdict)
        assert any(
            not c.passed and c.max_points and not c.message.startswith(PENDING)
            for c in verdict.criteria
        )


@pytest.mark.parametrize(("exercise", "name"), answers("hostile"))
@pytest.mark.slow
def test_hostile_answers_gain_nothing(exercise, name):
    for verdict in marked(exercise, name, seeds(exercise, 1)):
        assert verdict.points == 0, str(verdict)


@pytest.mark.parametrize("exercise", EXERCISES)
@pytest.mark.slow
def test_every_criterion_catches_something_on_its_own(exercise):
    caught = defaultdict(list)
    for _, name in answers("wrong", exercise):
        for criterion in marked(exercise, name, seeds(exercise, 2))[0].criteria:
            if not criterion.passed and not criterion.message.startswith(PENDING):
                caught[criterion.name].append(name)
    assert set(caught) == set(criteria(exercise))


@pytest.mark.slow
def test_the_documents_kernel_loses_its_points_where_it_should():
    kernel = marked("ntk_kernel", "wrong-document-parenthesis", seeds("ntk_kernel", 2))[0]
    failed = {c.name for c in kernel.criteria if not c.passed and not c.message.startswith(PENDING)}
    assert failed >= {"values", "hexagon", "special angles", "wide network"}
    assert [c.name for c in kernel.criteria if c.passed] == ["cusp"]
    assert (
        marked("test_ntk_accuracy", "right-document-parenthesis", seeds("test_ntk_accuracy", 4))[
            0
        ].points
        == 2
    )


@pytest.mark.slow
def test_the_other_style_works_in_one_notebook():
    def work():
        namespace = {"__name__": "__main__"}
        points = {}
        for exercise in EXERCISES:
            if checks.load(exercise).answered_by == exercise:
                load(exercise, "right-other-style", namespace)
            points[exercise] = run_check(exercise, InProcessStudent(namespace), 7).points
        return points

    assert forked(work) == POINTS


class _NoNetwork:
    def __init__(self, hidden_dim=10):
        pass


def _functions(answer):
    """The names of all exercises that are functions, bound to `answer(*args)`."""
    names = (
        "train",
        "predict",
        "ntk_kernel",
        "gen_bound",
        "gradient_descent",
        "lazy_directions",
        "minimum_norm",
        "empirical_ntk",
        "predicted_loss",
        "alignment",
    )
    return dict.fromkeys(names, lambda *args, **kwargs: answer(*args))


def _first(*args):
    return args[0]


def _zeros(*args):
    """Zeros of the shape that is asked for, whichever exercise it is."""
    if len(args) == 4 and hasattr(args[0], "shape"):
        return np.zeros(args[3] + 1)
    if len(args) == 3 and callable(args[0]):
        return np.zeros((len(args[1]), len(args[2])))
    if len(args) == 5:
        return np.zeros((args[4] + 1, len(args[2])))
    if len(args) == 3 or (len(args) == 2 and isinstance(args[0], np.ndarray)):
        return np.zeros(len(args[0]))
    if len(args) == 2 and hasattr(args[0], "shape"):
        return np.zeros((len(args[0]), len(args[1])) if args[1].ndim == 2 else ())
    return np.zeros(120)


TRIVIAL = {
    "nothing": {},
    "none": _functions(lambda *args: None)
    | {"MLPshallow": lambda hidden_dim=10: None, "lazy_net": None}
    | {"Scaled": lambda net, alpha: None, "rich_net": None},
    "zero": _functions(lambda *args: 0.0)
    | {"MLPshallow": _NoNetwork, "lazy_net": 0.0, "rich_net": 0.0}
    | {"Scaled": lambda net, alpha: lambda x: 0.0 * x.flatten(1)[:, :1]},
    "one": _functions(lambda *args: 1.0)
    | {"MLPshallow": 1, "lazy_net": 1.0, "Scaled": 1, "rich_net": 1.0},
    "label": _functions(lambda *args: np.full(120, 1)),
    "zeros": _functions(_zeros),
    "constant": _functions(lambda *args: _zeros(*args) + 1 / (2 * np.pi)),
    "list-of-zeros": _functions(lambda *args: [0.0] * 12),
    "nan": _functions(lambda *args: _zeros(*args) * np.nan),
    "identity": _functions(_first),
    "standing still": {"gradient_descent": lambda X, Y, w0, eta, T: np.tile(w0, (T + 1, 1))}
    | {
        "minimum_norm": lambda X, Y, w0: w0.copy(),
        "lazy_directions": lambda X, ws: abs(ws[-1] - ws[0]),
        "predicted_loss": lambda K, y, lr, T: (y**2).mean().expand(T + 1),
        "Scaled": lambda net, alpha: net,
    },
    "linear": {
        "ntk_kernel": lambda x, xprime: x @ xprime.T,
        "empirical_ntk": lambda net, x, xprime: x.flatten(1) @ xprime.flatten(1).T,
    },
    "unit": {
        "ntk_kernel": lambda x, xprime: np.eye(len(x), len(xprime)),
        "empirical_ntk": lambda net, x, xprime: np.eye(len(x), len(xprime)),
        "alignment": lambda K, y: 0.5,
    },
}


@pytest.mark.parametrize("exercise", EXERCISES)
@pytest.mark.parametrize("trivial", TRIVIAL)
@pytest.mark.slow
def test_trivial_answers_earn_nothing(exercise, trivial):
    verdict = run_check(exercise, InProcessStudent(dict(TRIVIAL[trivial])), 3)
    assert verdict.points == 0, str(verdict)
    assert verdict.max_points == POINTS[exercise]


class Replies:
    """A student from afar, of whom one reply after another is made up."""

    def __init__(self, draw):
        self.draw = draw

    def run(self, probe, *, returns, **inputs):
        return {name: self.draw() for name in returns}


finite = st.floats(allow_nan=False, allow_infinity=False)
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.just(10**400) | finite | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2)
    ),
    max_leaves=6,
)
dtypes = st.sampled_from(["float16", "float32", "float64", "int8", "int64", "uint64", "bool"])
shaped = st.lists(st.sampled_from([0, 1, 2, 5, 6, 7, 14, 24, 120]), max_size=3).map(tuple)
values = st.sampled_from([0.0, 1.0, -1.0, np.nan, np.inf, 1e300])
filled = st.builds(
    lambda shape, dtype, value: np.full(shape, value if dtype[0] == "f" else 1).astype(dtype),
    shaped,
    dtypes,
    values,
)


@pytest.mark.parametrize("exercise", EXERCISES)
@pytest.mark.filterwarnings("ignore:overflow")
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
@pytest.mark.slow
def test_arbitrary_replies_never_raise_and_earn_nothing(exercise, data):
    student = Replies(lambda: data.draw(plain | filled))
    assert run_check(exercise, student, 1).points == 0


def test_replies_of_the_right_shape_that_are_extreme():
    """Eigenvalues, solves and norms of numbers near the largest one are a failed criterion, not a
    failed grader."""

    class Extreme:
        def run(self, probe, *, returns, **inputs):
            n, m = (
                len(inputs.get(k, inputs.get("x", inputs.get("some")))) for k in ("x", "xprime")
            )
            if "others" in inputs:
                n, m = len(inputs["some"]), len(inputs["others"])
            return {name: inputs.get(name, np.full((n, m), 1.7e308)) for name in returns}

    assert run_check("ntk_kernel", Extreme(), 1).points == 0
    assert run_check("test_ntk_accuracy", Extreme(), 1).points == 0


def test_what_was_earned_before_a_hang_stays():
    class Tires(InProcessStudent):
        asked = 0

        def run(self, probe, **kwargs):
            self.asked += 1
            if self.asked == 6:  # two steps and three paths were answered
                raise ProbeTimeout("No answer came within 60 seconds.")
            return super().run(probe, **kwargs)

    student = Tires(load("gradient_descent", "right-reference"))
    verdict = run_check("gradient_descent", student, 1)
    assert student.asked == 6
    assert [c.passed for c in verdict.criteria] == [True, True, False, False, False, False]
    assert verdict.points == 2
    assert all("No answer came" in c.message for c in verdict.criteria[2:])
    assert verdict.max_points == 3


def test_the_same_seed_asks_the_same_and_another_one_something_else():
    class Notes(InProcessStudent):
        def run(self, probe, **kwargs):
            self.seen = getattr(self, "seen", []) + [
                v.tobytes() for v in kwargs.values() if hasattr(v, "tobytes")
            ]
            return super().run(probe, **kwargs)

    def asked(seed):
        student = Notes(load("minimum_norm", "right-reference"))
        run_check("minimum_norm", student, seed)
        return student.seen

    assert asked(11) == asked(11)
    assert not set(asked(11)) & set(asked(12)) - {np.zeros(20).tobytes()}


def test_a_double_loop_is_asked_for_few_pairs():
    pairs = 0

    def ntk_kernel(x, xprime):
        nonlocal pairs
        pairs += len(x) * len(xprime)
        return right(x, xprime)

    right = load("ntk_kernel", "right-clamp")["ntk_kernel"]
    assert run_check("ntk_kernel", InProcessStudent({"ntk_kernel": ntk_kernel}), 1).points == 5
    assert pairs < 4000


def test_probes_leave_the_namespace_and_the_random_numbers_alone():
    import torch

    namespace = {"__name__": "__main__"}
    for exercise in ("mlp", "train", "predict"):
        load(exercise, "right-reference", namespace)
    namespace["c2"] = "mine"
    before, state = dict(namespace), torch.get_rng_state()
    for exercise in ("mlp", "train", "predict"):
        assert run_check(exercise, InProcessStudent(namespace), 2).points == POINTS[exercise]
    assert namespace == before
    assert torch.equal(torch.get_rng_state(), state)


STRUCTURAL = (  # nothing was compared: the shape, the type or the number of values is what is wrong
    "should have the shape",
    "should be one number",
    "should be a number",
    "should be integers",
    "one number for each",
    "one label for each",
    "has no layer called",
    "the shapes of the weights",
    "should hold",
    "is None",
    "shape should be",
    "is only",
    "is empty",
    "not finite",
    "singular",
    "has no bias",
    "No gradient reaches",
    "ask for no gradients",
    "ask for gradients than before",
    "in another mode",
    "have a .grad that",
    "has other weights",
    "in a regular shape",
)


@pytest.mark.parametrize("exercise", [e for e in EXERCISES if e not in FIXED])
@pytest.mark.slow
def test_what_was_compared_is_told_to_an_observer_and_not_to_the_student(exercise):
    """`observe` gets every lost criterion with both sides; the verdict holds numbers of neither."""
    told = []
    for _, name in answers("wrong", exercise):
        verdict = marked(exercise, name, seeds(exercise, 2))[1]
        lost = TOLD[exercise, name, seeds(exercise, 2)[1]]
        failed = {
            c.name for c in verdict.criteria if not c.passed and not c.message.startswith(PENDING)
        }
        assert failed == set(lost)
        assert not {"found", "expected"} & set(verdict.criteria[0].__dict__)
        told += [
            error["numbers"]
            for error in lost.values()
            if error["numbers"] is not None
            and not any(words in error["says"] for words in STRUCTURAL)
        ]
    assert told and all(told)


def test_unknown_exercises():
    with pytest.raises(KeyError, match="no hidden test"):
        run_check("discussion", InProcessStudent({}), 0)


def python(source: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", source],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_importing_the_package_costs_nothing():
    python(
        "import sys, autograder\nassert not {'numpy', 'torch', 'IPython', 'nbgrader'} & "
        "set(sys.modules)"
    )


@pytest.mark.slow  # a Python of its own
def test_the_grader_never_imports_torch():
    source = """
import sys
from tests.helpers.answers import load
from tests.helpers.lab import EXERCISES, run_check
from autograder.door.student import InProcessStudent
for exercise in ("gradient_descent", "lazy_directions", "minimum_norm"):
    verdict = run_check(exercise, InProcessStudent(load(exercise, "right-reference")), 4)
    assert verdict.points == 3, verdict
from autograder.lab import reference
reference.kernel_predictions()
assert "torch" not in sys.modules
"""
    python(source)


def test_check_in_a_notebook_shows_the_verdict_and_ends_with_a_float():
    source = """
import json
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
shown = []
shell.display_pub.publish = lambda data, metadata=None, **rest: shown.append((data, metadata))
shell.run_cell(open("tests/answers/minimum_norm/right-reference.py").read())
result = shell.run_cell('from autograder import check\\ncheck("minimum_norm")')
print(json.dumps([type(result.result).__name__, result.result, shown[0]]))
"""
    kind, value, (data, metadata) = __import__("json").loads(python(source).splitlines()[-1])
    assert (kind, value) == ("float", 3.0)
    assert set(data) == {"text/plain", "text/html"} and not metadata


def test_check_outside_of_a_notebook_prints_the_verdict(monkeypatch, capsys):
    import autograder

    monkeypatch.setattr(autograder, "_shell", lambda: None)
    assert autograder.check("lazy_directions", load("lazy_directions", "right-reference")) == 3.0
    assert "lazy_directions: 3 of 3 points" in capsys.readouterr().out
    monkeypatch.setattr(
        sys.modules["__main__"], "lazy_directions", lambda X, ws: None, raising=False
    )
    assert autograder.check("lazy_directions") == 0.0
    assert "None: is there a return" in capsys.readouterr().out
