"""How many threads torch and NumPy's BLAS compute with, changed while the process runs."""

from __future__ import annotations

import sys

from threadpoolctl import threadpool_info, threadpool_limits


def compute_with(threads: int) -> None:
    """Let this process compute with so many threads, where torch is loaded and where NumPy's BLAS
    can be told."""
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.set_num_threads(threads)
    threadpool_limits(threads, user_api="blas")


def blas_threads() -> int | None:
    """How many threads NumPy's BLAS uses; None when none is found that says so."""
    found = [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]
    return max(found, default=None)
