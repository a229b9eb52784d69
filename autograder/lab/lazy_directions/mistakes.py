"""Mistakes in |(ws[-1] - ws[0]) P|, P the eigenvectors of XXᵀ in ascending order of eigenvalues."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ...checks.mistakes import Call, Catalogue, Mistake, Values, numbers


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


def correct(ws: np.ndarray, p: np.ndarray) -> np.ndarray:
    return np.abs((ws[-1] - ws[0]) @ p)


def signed(call: Call) -> bool:
    """Right but for the sign, which for each eigenvector is anyone's choice."""
    found = numbers(call).get("moved")
    if found is None or found.size != len(call.inputs["X"]):
        return False
    here, there = summary(call, np.abs(found)), coordinates(correct)(call)
    return bool((found < 0).any()) and all(np.allclose(here[k], there[k], atol=1e-7) for k in there)


def weighted(call: Call) -> Values:
    values, p = basis(call)
    return summary(call, np.abs(values) * correct(call.inputs["ws"], p))


def moving_only(call: Call) -> Values:
    return {"moved": correct(call.inputs["ws"], basis(call)[1])[-call.inputs["X"].shape[1] :]}


def by_decree(call: Call) -> Values:
    moved = correct(call.inputs["ws"], basis(call)[1])
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
        coordinates(lambda ws, p: correct(ws, p)[::-1]),
    ),
    Mistake(
        "sorted",
        "the movements are sorted by their own size",
        "The movements are sorted by size; each belongs to its eigenvalue, and those are sorted.",
        coordinates(lambda ws, p: np.sort(correct(ws, p))),
    ),
    Mistake(
        "signed", "no absolute value", "Some movements are negative: a distance is not.", signed
    ),
    Mistake(
        "squared",
        "squares instead of absolute values",
        "These are the squares of the movements: a distance is in the units of w.",
        coordinates(lambda ws, p: correct(ws, p) ** 2),
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
        coordinates(lambda ws, p: correct(ws, p) / np.abs(ws[0] @ p)),
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
        weighted,
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

CATALOGUE = Catalogue(MISTAKES, coordinates(correct), read, tolerance=1e-7)
