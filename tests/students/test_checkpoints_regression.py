"""The checkpoints of notebook 2: right answers pass, wrong ones do not, and nothing is given
away."""

from __future__ import annotations

import inspect

import numpy as np
import pytest

from ntk_helpers.checkpoints import CheckpointFailed, checkpoint
from ntk_helpers.checkpoints import gradient_descent as gradient_descent_checkpoint
from ntk_helpers.checkpoints import lazy_directions as lazy_directions_checkpoint
from ntk_helpers.checkpoints import minimum_norm as minimum_norm_checkpoint


def descent(X, Y, w0, eta, T):
    ws = [w0]
    for _ in range(T):
        ws.append(ws[-1] - eta * X @ (X.T @ ws[-1] - Y))
    return np.array(ws)


def descent_gram(X, Y, w0, eta, T):
    A, b = X @ X.T, X @ Y
    ws = np.zeros((T + 1, len(w0)))
    ws[0] = w0
    for t in range(1, T + 1):
        ws[t] = ws[t - 1] - eta * (A @ ws[t - 1] - b)
    return ws


def descent_in_place(X, Y, w0, eta, T):
    w, ws = w0.copy(), [w0.copy()]
    for _ in range(T):
        w -= eta * np.einsum("ij,j->i", X, X.T @ w - Y)
        ws.append(w.copy())
    return ws  # a list of arrays is fine, too


def variant(change):
    """Gradient descent with `change` in its source: a mistake that a student could make."""
    old, new = change
    source = inspect.getsource(descent)
    assert old in source
    space = {"np": np}
    exec(source.replace(old, new), space)
    return space["descent"]


def spoils_w0(X, Y, w0, eta, T):
    ws = [w0.copy()]
    for _ in range(T):
        w0 -= eta * X @ (X.T @ w0 - Y)
        ws.append(w0.copy())
    return np.array(ws)


def same_array(X, Y, w0, eta, T):
    w, ws = w0.copy(), [w0.copy()]
    for _ in range(T):
        w -= eta * X @ (X.T @ w - Y)
        ws.append(w)
    return np.array(ws) if T == 1 else np.array([w0, *[ws[1]] * T])


def directions(X, ws):
    return np.abs((ws[-1] - ws[0]) @ np.linalg.eigh(X @ X.T)[1])


def directions_svd(X, ws):
    U = np.linalg.svd(X)[0][:, ::-1]
    return np.abs(U.T @ (ws[-1] - ws[0]))


def norm_solve(X, Y, w0):
    return w0 + X @ np.linalg.solve(X.T @ X, Y - X.T @ w0)


def norm_pinv(X, Y, w0):
    P = np.linalg.pinv(X.T)
    return P @ Y + (np.eye(len(w0)) - P @ X.T) @ w0


def norm_lstsq(X, Y, w0):
    return w0 + np.linalg.lstsq(X.T, Y - X.T @ w0, rcond=None)[0]


RIGHT = [
    ("gradient_descent", descent),
    ("gradient_descent", descent_gram),
    ("gradient_descent", descent_in_place),
    ("lazy_directions", directions),
    ("lazy_directions", directions_svd),
    ("minimum_norm", norm_solve),
    ("minimum_norm", norm_pinv),
    ("minimum_norm", norm_lstsq),
]

WRONG = [
    ("gradient_descent", lambda X, Y, w0, eta, T: None, "None"),
    ("gradient_descent", lambda X, Y, w0, eta, T: "ws", "NumPy array"),
    ("gradient_descent", lambda X, Y, w0, eta, T: np.zeros((T + 1, len(w0))), "row 0"),
    ("gradient_descent", lambda X, Y, w0, eta, T: np.tile(w0, (T + 1, 1)), "again"),
    ("gradient_descent", lambda X, Y, w0, eta, T: descent(X, Y, w0, eta, T)[1:], "shape"),
    ("gradient_descent", lambda X, Y, w0, eta, T: descent(X, Y, w0, eta, T)[:, None], "shape"),
    ("gradient_descent", lambda X, Y, w0, eta, T: descent(X, Y, 0 * w0, eta, T), "row 0"),
    ("gradient_descent", lambda X, Y, w0, eta, T: descent(X, Y, w0, -eta, T), "first step"),
    ("gradient_descent", lambda X, Y, w0, eta, T: descent(X, Y, w0, eta, T) * np.nan, "nan"),
    ("gradient_descent", variant(("eta * X", "2 * eta * X")), "first step"),
    ("gradient_descent", variant(("eta * X", "eta / len(Y) * X")), "first step"),
    ("gradient_descent", variant(("eta * X", "1e-3 * X")), "first step"),
    ("gradient_descent", variant(("- Y", "+ Y")), "first step"),
    ("gradient_descent", variant(("ws[-1] - eta", "ws[0] - eta")), "smaller loss"),
    ("gradient_descent", spoils_w0, "w0 left as it was"),
    ("gradient_descent", same_array, "again"),
    ("lazy_directions", lambda X, ws: None, "None"),
    ("lazy_directions", lambda X, ws: np.zeros(len(X)), "length"),
    ("lazy_directions", lambda X, ws: np.abs(ws[-1] - ws[0]), "do not move"),
    (
        "lazy_directions",
        lambda X, ws: (ws[-1] - ws[0]) @ np.linalg.eigh(X @ X.T)[1],
        "none below zero|length",
    ),
    ("lazy_directions", lambda X, ws: directions(X, ws)[::-1], "still ones first"),
    ("lazy_directions", lambda X, ws: directions(X, ws[:2]), "length"),
    ("lazy_directions", lambda X, ws: directions(X, ws)[-2:], "shape"),
    ("lazy_directions", lambda X, ws: directions(X, ws) ** 2, "length"),
    (
        "lazy_directions",
        lambda X, ws: np.abs(np.linalg.eigh(X @ X.T)[1] @ (ws[-1] - ws[0])),
        "do not move",
    ),
    ("minimum_norm", lambda X, Y, w0: None, "None"),
    ("minimum_norm", lambda X, Y, w0: w0, "Xᵀw = Y"),
    ("minimum_norm", lambda X, Y, w0: np.array([2.0, 0.0]), r"\[1, 1\]"),
    ("minimum_norm", lambda X, Y, w0: norm_solve(X, Y, 0 * w0), "w0 itself"),
    ("minimum_norm", lambda X, Y, w0: w0 + norm_solve(X, Y, 0 * w0), "w0 itself"),
    ("minimum_norm", lambda X, Y, w0: norm_solve(X, Y, w0)[:, None], "shape"),
    ("minimum_norm", lambda X, Y, w0: w0 + X @ (Y - X.T @ w0) / (X * X).sum(), "from any w0"),
]


@pytest.mark.parametrize(
    ("exercise", "answer"), RIGHT, ids=lambda value: getattr(value, "__name__", None)
)
def test_right_answers_pass_with_one_line(exercise, answer, capfd):
    checkpoint(exercise, answer)
    out, err = capfd.readouterr()
    assert out.startswith(exercise) and out.count("\n") == 1 and out.endswith(".\n") and err == ""


@pytest.mark.parametrize(("exercise", "answer", "message"), WRONG)
def test_wrong_answers_are_told_what_to_look_at(exercise, answer, message, capfd):
    with pytest.raises(CheckpointFailed, match=message) as caught:
        checkpoint(exercise, answer)
    out, err = capfd.readouterr()
    assert out == "" and err == ""
    lines = caught.value._render_traceback_()
    assert (
        lines[0] == "Not yet." and 3 <= len(lines) <= 4 and all("\n" not in line for line in lines)
    )
    assert caught.value.__cause__ is None and caught.value.__suppress_context__


@pytest.mark.parametrize("exercise", ["gradient_descent", "lazy_directions", "minimum_norm"])
def test_the_stub_is_an_answer_that_is_missing(exercise):
    def stub(*args):
        raise NotImplementedError

    with pytest.raises(CheckpointFailed, match="NotImplementedError"):
        checkpoint(exercise, stub)


def test_an_error_in_the_answer_is_the_student_s_to_see():
    def broken(X, ws):
        return X @ ws

    with pytest.raises(ValueError, match="matmul"):
        checkpoint("lazy_directions", broken)


def test_an_unknown_exercise_names_those_that_exist():
    with pytest.raises(ValueError, match=r"gradient_descent, .*minimum_norm"):
        checkpoint("gradient_decent", descent)


@pytest.mark.parametrize(
    ("module", "revealing"),
    [
        (gradient_descent_checkpoint, ["eta *", "X @ (", "X.T @"]),
        (lazy_directions_checkpoint, ["eigh(", "svd("]),
        (minimum_norm_checkpoint, ["solve", "pinv", "lstsq", "inv("]),
    ],
)
def test_the_source_does_not_hold_the_solution(module, revealing):
    source = inspect.getsource(module)
    assert not [piece for piece in revealing if piece in source]


def test_jupyter_shows_the_lines_alone():
    InteractiveShell = pytest.importorskip("IPython.core.interactiveshell").InteractiveShell
    shell = InteractiveShell()
    shown = []
    shell._showtraceback = lambda kind, value, lines: shown.append(lines)
    shell.run_cell(
        "from ntk_helpers.checkpoints import checkpoint\ncheckpoint('minimum_norm', lambda X, Y, "
        "w0: w0)"
    )
    assert shown and shown[0][0] == "Not yet." and not any("Traceback" in line for line in shown[0])
