"""How many threads torch and NumPy's BLAS compute with, changed while the process runs."""

from __future__ import annotations

import ctypes
import sys
from functools import cache
from pathlib import Path

import numpy as np

# NumPy's wheels carry an OpenBLAS whose names are prefixed; a distribution's own has the plain
# ones.
NAMES = (
    "scipy_openblas_{}_num_threads64_",
    "openblas_{}_num_threads64_",
    "openblas_{}_num_threads",
)


def compute_with(threads: int) -> None:
    """Let this process compute with so many threads, where torch is loaded and where NumPy's BLAS
    can be told."""
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.set_num_threads(threads)
    tell = _openblas("set")
    if tell is not None:
        tell(threads)


def blas_threads() -> int | None:
    """How many threads NumPy's BLAS uses; None when it is not an OpenBLAS that says so."""
    ask = _openblas("get")
    return ask() if ask is not None else None


@cache
def _openblas(verb: str):
    folders = (Path(np.__file__).parent.parent / "numpy.libs", Path(np.__file__).parent / ".dylibs")
    for path in sorted(path for folder in folders for path in folder.glob("*openblas*")):
        library = ctypes.CDLL(str(path))  # it is loaded already: this is the same one
        for name in NAMES:
            found = getattr(library, name.format(verb), None)
            if found is not None:
                return found
    return None
