"""Checkpoint of `gradient_descent`: three weights, two points, a first step that can be worked out
by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from . import CheckpointFailed
from ._arrays import array, close, words

X = np.array([[1.0, 0.0], [0.0, 2.0], [0.0, 0.0]])
Y = np.array([1.0, 1.0])
W0 = np.array([0.0, 0.0, 5.0])
FIRST = np.array([0.1, 0.2, 5.0])  # with η = 0.1


def run(gradient_descent: Callable[..., Any]) -> str:
    """`gradient_descent`: the student's function of X (p, n), Y (n,), w0 (p,), eta, T."""
    w0 = W0.copy()
    ws = array(gradient_descent(X.copy(), Y.copy(), w0, 0.1, 8), (9, 3), "8 steps for 3 weights")
    if not close(w0, W0):
        raise CheckpointFailed(
            "w0 left as it was", f"w0 changed to {words(w0)}", "a step that changes w in place"
        )
    if not close(ws[0], W0):
        raise CheckpointFailed(
            f"row 0 is w0 = {words(W0)}", words(ws[0]), "what is stored before the first step?"
        )
    if np.ptp(ws[1:], axis=0).max() == 0:
        raise CheckpointFailed(
            "steps that go on", "the same row again and again", "is each row an array of its own?"
        )
    if not close(ws[1], FIRST):
        raise CheckpointFailed(
            f"first step to {words(FIRST)} for X = [[1, 0], [0, 2], [0, 0]], η = 0.1",
            words(ws[1]),
            "sign and factors of the step, on paper for Y = [1, 1], w0 = [0, 0, 5]",
        )
    losses = ((ws @ X - Y) ** 2).sum(axis=1)
    if not (np.diff(losses) < 0).all():
        raise CheckpointFailed(
            "a smaller loss after every step",
            words(losses),
            "does a step begin where the last ended?",
        )
    return (
        "gradient_descent starts at w0, takes the right first step, and goes downhill: "
        f"{losses[0]:.2g} to {losses[-1]:.2g}."
    )
