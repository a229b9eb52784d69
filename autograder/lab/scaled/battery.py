"""scaled for networks of random widths, many α, and longer trainings."""

from __future__ import annotations

import numpy as np

from ...checks.ask import array, number
from ...checks.compare import same
from ...door.student import Student
from .. import networks
from ..draw import log_uniform
from ..networks import Plan
from .check import ATTRIBUTES, BIASED, CONV, OUTPUT, PARITY, TRAINING, flat, question, side, trained

ROUNDS = 9


def battery(student: Student, rng: np.random.Generator) -> None:
    for turn in range(ROUNDS):
        wide = int(rng.integers(1, 12))
        square: Plan = [["linear", wide, wide], ["tanh"], ["linear", wide, 1]]
        kinds: list[tuple[Plan, tuple[int, ...]]] = [
            (BIASED, (3,)),
            (CONV, (1, 3, 3)),
            (square, (wide,)),
        ]
        plan, shape = kinds[turn % 3]
        n = int(rng.integers(1, 9))
        x = rng.standard_normal((n, *shape))
        p = question(plan, rng, float(log_uniform(rng, 0.01, 50)))
        new, old = (networks.outputs(plan, side(p, which), x)[:, None] for which in ("new", "old"))
        back = student.run(OUTPUT, returns=["start", "after"], x=x, **p)
        same(back["start"], 0 * old, PARITY, "scaled, the start", 1)
        same(array(back["after"], (n, 1), "after"), p["alpha"] * (new - old), PARITY, "scaled")
        back = student.run(
            ATTRIBUTES, returns=["alpha", "inner", "initially", "initial", "yielded"], **p
        )
        same(number(back["alpha"], "alpha"), p["alpha"], PARITY, "scaled, alpha")
        for name, which in (("initially", "old"), ("inner", "new"), ("initial", "old")):
            same(back[name], flat(side(p, which)), 0, f"scaled, {name}")
        same(
            np.sort(array(back["yielded"], (None,), "parameters()")),
            np.sort(flat(side(p, "new"))),
            0,
            "scaled, parameters()",
        )
        y, lr, steps = rng.standard_normal(n), 0.01 / p["alpha"] ** 2, int(rng.integers(1, 6))
        back = student.run(
            TRAINING, returns=["inner", "initial"], x=x, y=y, lr=lr, steps=steps, **p
        )
        expected = trained(p, x, y, lr, steps)
        same(back["inner"], expected, PARITY, "scaled, training")
        same(back["initial"], flat(side(p, "old")), 0, "scaled, initial after training")
