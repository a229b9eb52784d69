"""Mistakes in w0 + X(XᵀX)⁻¹(Y - Xᵀw0)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ...checks.mistakes import Call, Catalogue, Mistake, Values, numbers
from ..reference import minimum_norm

Formula = Callable[..., np.ndarray]  # (X, Y, w0)


def solved(x: np.ndarray, residual: np.ndarray) -> np.ndarray:
    """X(XᵀX)⁻¹ residual: the shortest move that changes the predictions by `residual`."""
    return x @ np.linalg.solve(x.T @ x, residual)


def value(formula: Formula) -> Callable[[Call], Values]:
    def answer(call: Call) -> Values:
        return {"w": formula(*(call.inputs[name] for name in ("X", "Y", "w0")))}

    return answer


def read(call: Call) -> Values:
    """The weights as one row, whatever the shape; the criterion `form` asks for that."""
    return {name: array.ravel() if name == "w" else array for name, array in numbers(call).items()}


def overwritten(call: Call) -> Values | None:
    if "w0" not in call.returns:
        return None
    return {"w0": minimum_norm(*(call.inputs[name] for name in ("X", "Y", "w0")))}


def single_precision(call: Call) -> bool | None:
    """The weights have no more digits than single precision, and are wrong by a little."""
    found, exact = read(call).get("w"), value(minimum_norm)(call)["w"]
    if found is None or found.shape != exact.shape:
        return False
    off = np.max(np.abs(found - exact)) / np.max(np.abs(exact))
    if off <= 1e-9:
        return None
    return bool(off < 1e-4 and np.array_equal(found, found.astype(np.float32)))


MISTAKES = (
    Mistake(
        "limit-from-zero",
        "the limit from zero: w0 is not used",
        "This is the limit from zero; from w0 gradient descent ends elsewhere.",
        value(lambda x, y, w0: solved(x, y)),
    ),
    Mistake(
        "adds-w0",
        "w0 is added to the limit from zero",
        "w0 is added to the limit from zero: but w0 explains a part of Y already.",
        value(lambda x, y, w0: w0 + solved(x, y)),
    ),
    Mistake(
        "subtracts-w0",
        "w0 is subtracted from the limit from zero",
        "w0 is subtracted from the limit from zero: where does the move begin?",
        value(lambda x, y, w0: solved(x, y) - w0),
    ),
    Mistake(
        "residual-sign",
        "the residual has the wrong sign",
        "The move goes the wrong way: the error doubles instead of vanishing.",
        value(lambda x, y, w0: w0 - solved(x, y - x.T @ w0)),
    ),
    Mistake(
        "residual-sum",
        "Y + Xᵀw0 instead of Y - Xᵀw0",
        "The part of Y that w0 explains is counted twice: look at the sign within the residual.",
        value(lambda x, y, w0: w0 + solved(x, y + x.T @ w0)),
    ),
    Mistake(
        "returns-w0", "w0 comes back", "This is the start, not the end.", value(lambda x, y, w0: w0)
    ),
    Mistake(
        "move-only",
        "only the move w - w0, without the start",
        "This is the way from w0 to the limit; the limit itself is asked for.",
        value(lambda x, y, w0: solved(x, y - x.T @ w0)),
    ),
    Mistake(
        "still-part-only",
        "only the part of w0 that does not move",
        "This is the part of w0 that stays; what the data ask for is missing.",
        value(lambda x, y, w0: w0 - solved(x, x.T @ w0)),
    ),
    Mistake(
        "multipliers",
        "the n multipliers α instead of the p weights",
        "n numbers came back: these are multipliers of X's columns. What do they make of w0?",
        value(lambda x, y, w0: np.linalg.solve(x.T @ x, y - x.T @ w0)),
    ),
    Mistake(
        "multipliers",
        "the n multipliers α instead of the p weights",
        "n numbers came back: these are multipliers of X's columns. What do they make of w0?",
        value(lambda x, y, w0: np.linalg.solve(x.T @ x, y)),
    ),
    Mistake(
        "one-step",
        "one step of gradient descent: nothing is solved",
        "This is a single gradient step: between the residual and the move there is a system to "
        "solve.",
        value(lambda x, y, w0: w0 + x @ (y - x.T @ w0)),
    ),
    Mistake(
        "multiplied-by-gram",
        "multiplied by XᵀX instead of solved with it",
        "The residual is multiplied by the Gram matrix: it has to be divided by it, so to speak.",
        value(lambda x, y, w0: w0 + x @ (x.T @ x) @ (y - x.T @ w0)),
    ),
    Mistake(
        "inverse-by-entries",
        "1 / (XᵀX), entry by entry",
        "1 / G, or G ** -1, inverts each entry; a matrix is inverted in another way.",
        value(lambda x, y, w0: w0 + x @ ((1 / (x.T @ x)) @ (y - x.T @ w0))),
    ),
    *(
        Mistake(
            "ridge",
            "something is added to the Gram matrix",
            "It looks as if something were added to the Gram matrix: it is invertible as it is.",
            value(
                lambda x, y, w0, r=r: (
                    w0 + x @ np.linalg.solve(x.T @ x + r * np.eye(len(y)), y - x.T @ w0)
                )
            ),
        )
        for r in 10.0 ** np.arange(0, -9, -1)
    ),
    *(
        Mistake(
            "big-normal-equations",
            "the singular p × p normal equations, made solvable by a ridge, without w0",
            "XXᵀ, p by p, has no inverse, and with a little help it forgets w0: look for an n by n "
            "system.",
            value(lambda x, y, w0, r=r: np.linalg.solve(x @ x.T + r * np.eye(len(w0)), x @ y)),
        )
        for r in 10.0 ** np.arange(0, -7, -1)
    ),
    Mistake(
        "single-precision",
        "computed in single precision",
        "The digits end where single precision does: X, Y and w0 come in double precision, keep "
        "it.",
        single_precision,
    ),
    Mistake(
        "overwrites-w0",
        "w0 is changed in place",
        "After the call w0 is the limit: some operators, such as +=, change the array itself.",
        overwritten,
    ),
)


def right(call: Call) -> Values:
    kept = {name: call.inputs[name] for name in ("X", "Y", "w0") if name in call.returns}
    return value(minimum_norm)(call) | kept


CATALOGUE = Catalogue(MISTAKES, right, read, tolerance=1e-9)
