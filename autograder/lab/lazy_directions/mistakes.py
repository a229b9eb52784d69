"""Mistakes in |(ws[-1] - ws[0]) P|, P the eigenvectors of XXᵀ in ascending order of eigenvalues."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ...checks.mistakes import Call, Catalogue, Mistake, Values, numbers
from ..reference import lazy_directions


def basis(call: Call) -> tuple[np.ndarray, np.ndarray]:
    return np.linalg.eigh(call.inputs["X"] @ call.inputs["X"].T)


def summary(call: Call, vector: np.ndarray) -> Values:
    """What does not depend on the choice of eigenvectors for the eigenvalue zero, which is
    anyone's.

    Where the path does not leave the span of X's columns, that is everything.
    """
    x, ws = call.inputs["X"], call.inputs["ws"]
    if vector.size != len(x):
        return {"moved": vector}
    vector, rank, move = vector.ravel(), x.shape[1], ws[-1] - ws[0]
    outside = move - x @ np.linalg.lstsq(x, move, rcond=None)[0]
    if np.linalg.norm(outside) <= 1e-8 * np.linalg.norm(move):
        return {"moved": vector}
    return {"top": vector[-rank:], "rest": np.asarray(np.linalg.norm(vector[:-rank]))}


def read(call: Call) -> Values:
    found = numbers(call)
    return summary(call, found["moved"]) if "moved" in found else {}


def coordinates(
    change: Callable[[np.ndarray, np.ndarray], np.ndarray],
) -> Callable[[Call], Values]:
    """The mistake as a function of ws and of the eigenvectors P."""
    return lambda call: summary(call, change(call.inputs["ws"], basis(call)[1]))


def movements(call: Call) -> np.ndarray:
    """The right answer (p,)."""
    return lazy_directions(call.inputs["X"], call.inputs["ws"])


def right(call: Call) -> Values:
    return summary(call, movements(call))


def shown(change: Callable[[np.ndarray, Call], np.ndarray]) -> Callable[[Call], Values]:
    """The right movements, shown in a wrong way."""
    return lambda call: summary(call, change(movements(call), call))


def signed(call: Call) -> bool:
    """Right but for the sign, which for each eigenvector is anyone's choice."""
    found = numbers(call).get("moved")
    if found is None or found.size != len(call.inputs["X"]):
        return False
    here, there = summary(call, np.abs(found)), right(call)
    return bool((found < 0).any()) and all(np.allclose(here[k], there[k], atol=1e-7) for k in there)


def moving_only(call: Call) -> Values:
    return {"moved": movements(call)[-call.inputs["X"].shape[1] :]}


def by_decree(call: Call) -> Values:
    moved = movements(call)
    moved[: -call.inputs["X"].shape[1]] = 0
    return summary(call, moved)


MISTAKES = (
    Mistake(
        "own-coordinates",
        "w's own coordinates, without a change of basis",
        "These are the movements of w's own coordinates: change to the basis of eigenvectors "
        "first.",
        coordinates(lambda ws, p: np.abs(ws[-1] - ws[0])),
    ),
    Mistake(
        "descending",
        "eigenvalues in descending order",
        "The coordinates come in descending order of eigenvalues: which order is asked for?",
        shown(lambda moved, call: moved[::-1]),
    ),
    Mistake(
        "sorted",
        "the movements are sorted by their own size",
        "The movements are sorted by size; each belongs to its eigenvalue, and those are sorted.",
        shown(lambda moved, call: np.sort(moved)),
    ),
    Mistake(
        "signed", "no absolute value", "Some movements are negative: a distance is not.", signed
    ),
    Mistake(
        "squared",
        "squares instead of absolute values",
        "These are the squares of the movements: a distance is in the units of w.",
        shown(lambda moved, call: moved**2),
    ),
    Mistake(
        "end-only",
        "the start is not subtracted",
        "These are the coordinates of the last row; a movement has a start as well.",
        coordinates(lambda ws, p: np.abs(ws[-1] @ p)),
    ),
    Mistake(
        "difference-of-lengths",
        "| |ws[-1] P| - |ws[0] P| |: absolute values before the difference",
        "Absolute values were taken before the difference: a coordinate that changes its sign "
        "moves, too.",
        coordinates(lambda ws, p: np.abs(np.abs(ws[-1] @ p) - np.abs(ws[0] @ p))),
    ),
    Mistake(
        "first-step",
        "the first step only",
        "This is the first step; the whole way from ws[0] is asked for.",
        coordinates(lambda ws, p: np.abs((ws[1] - ws[0]) @ p)),
    ),
    Mistake(
        "last-step",
        "the last step only",
        "This is the last step; the whole way from ws[0] is asked for.",
        coordinates(lambda ws, p: np.abs((ws[-1] - ws[-2]) @ p)),
    ),
    Mistake(
        "largest-on-the-way",
        "the largest distance on the way",
        "This is the largest distance on the way: rows in between do not matter.",
        coordinates(lambda ws, p: np.abs((ws - ws[0]) @ p).max(axis=0)),
    ),
    Mistake(
        "length-of-path",
        "the steps' lengths are added up",
        "The steps are added up without their signs: rows in between do not matter.",
        coordinates(lambda ws, p: np.abs(np.diff(ws, axis=0) @ p).sum(axis=0)),
    ),
    Mistake(
        "mean-of-path",
        "the mean of the distances on the way",
        "This is a mean over the path: rows in between do not matter.",
        coordinates(lambda ws, p: np.abs((ws - ws[0]) @ p).mean(axis=0)),
    ),
    Mistake(
        "relative",
        "divided by the start",
        "The movements are divided by the start's coordinates: not asked here.",
        shown(lambda moved, call: moved / np.abs(call.inputs["ws"][0] @ basis(call)[1])),
    ),
    Mistake(
        "rows-of-p",
        "the rows of P instead of its columns",
        "The movement is multiplied with the rows of the matrix of eigenvectors: how does eigh "
        "store them?",
        coordinates(lambda ws, p: np.abs(p @ (ws[-1] - ws[0]))),
    ),
    Mistake(
        "weighted",
        "multiplied by the eigenvalues (XXᵀ applied)",
        "The movements are multiplied by their eigenvalues.",
        shown(lambda moved, call: moved * np.abs(basis(call)[0])),
    ),
    Mistake(
        "moving-only",
        "only the rank(X) coordinates that move",
        "Only the coordinates that move came back; those that rest belong to the answer.",
        moving_only,
    ),
    Mistake(
        "still-by-decree",
        "the other coordinates are set to zero without looking",
        "The first coordinates are zero whatever the path: here they do move.",
        by_decree,
    ),
)

CATALOGUE = Catalogue(MISTAKES, right, read, tolerance=1e-7)
