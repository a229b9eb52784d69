"""What others compute for the same inputs: each row of the comparison, with its bound."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bench.crosscheck import exact
from bench.crosscheck.cases import Arguments, by_reference, deviation, large, small
from bench.crosscheck.environment import interpreter

# What double precision allows: ten times and more of what was measured, and a thousand times less
# than the least deviation that a hidden test looks at. A condition number costs its digits.
ROUNDING = 1e-13
LIMITS = {
    "gen_bound/n = 12, condition 1e+06": 1e-10,
    "gen_bound/n = 30, condition 1e+06": 1e-10,
    "minimum_norm/12 x 6, nearly dependent": 1e-11,
}
# neural-tangents takes θ as the arccosine of the rounded cosine, which keeps half of the digits
# where inputs are (nearly) parallel, as on the diagonal of a Gram matrix. Which of the two is right
# there, mpmath says.
HALF = 1e-7
PARALLEL = ("nearly parallel", "nearly antiparallel", "parallel", "antiparallel", "200 images")
LIMITS_OF_JAX = LIMITS | {f"relu_ntk/{case}": HALF for case in PARALLEL}


@dataclass(frozen=True)
class Row:
    """One comparison: how far `autograder.lab.reference` is from the other, and how far it may
    be."""

    quantity: str
    case: str
    deviation: float
    limit: float


def rows(
    given: dict[str, Arguments], found: dict[str, np.ndarray], limits: dict[str, float]
) -> Iterator[Row]:
    for name, arguments in given.items():
        quantity, case = name.split("/")
        far = deviation(quantity, arguments, by_reference(quantity, arguments), found[name])
        yield Row(quantity, case, far, limits.get(name, limits.get(quantity, ROUNDING)))


def against_mpmath() -> list[Row]:
    given = small()
    found = {
        name: getattr(exact, name.split("/")[0])(**arguments) for name, arguments in given.items()
    }
    return list(rows(given, found, LIMITS))


def against_jax() -> list[Row]:
    """neural-tangents for the kernels and the regression, jax's derivatives and decompositions for
    the rest."""
    given = {
        name: arguments
        for name, arguments in (small() | large()).items()
        if not name.startswith("angles")
    }
    return list(rows(given, by_jax(given), LIMITS_OF_JAX))


def by_jax(given: dict[str, Arguments]) -> dict[str, np.ndarray]:
    """Run `jax_side.py` in its environment. Raises RuntimeError with the last words of a
    failure."""
    python = interpreter()
    with tempfile.TemporaryDirectory() as scratch:
        source, target = Path(scratch) / "inputs.npz", Path(scratch) / "outputs.npz"
        arrays: dict[str, Any] = {
            f"{name}/{a}": value for name, args in given.items() for a, value in args.items()
        }
        np.savez(source, **arrays)
        command = [
            str(python),
            "-I",
            str(Path(__file__).with_name("jax_side.py")),
            str(source),
            str(target),
        ]
        ran = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
        if ran.returncode:
            raise RuntimeError(f"the side of neural-tangents failed: {ran.stderr.strip()[-1500:]}")
        with np.load(target) as found:
            return dict(found)
