"""How many threads torch and NumPy's BLAS compute with, changed while the process runs."""

from __future__ import annotations

import sys

from threadpoolctl import threadpool_limits


def compute_with(threads: int) -> None:
    """Let this process compute with so many threads, where torch is loaded and where NumPy's BLAS
    can be told."""
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.set_num_threads(threads)
    threadpool_limits(threads, user_api="blas")
