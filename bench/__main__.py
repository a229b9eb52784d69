"""`python -m bench [NAME …]`: the benchmarks of these names (see NAMES), or all of them."""

from __future__ import annotations

import os
import sys

os.environ.setdefault("OMP_NUM_THREADS", "1")
NAMES = (
    "loader",
    "gram",
    "notebook",
    "score",
    "ordinary",
    "classroom",
    "demo",
    "crosscheck",
    "memory",
    "watch",
    "chaos",
)


def main() -> int:
    from importlib import import_module

    wanted = sys.argv[1:] or NAMES
    unknown = [name for name in wanted if name not in NAMES]
    if unknown:
        known = ", ".join(NAMES)
        print(f"bench: no benchmark {', '.join(unknown)}: choose of {known}", file=sys.stderr)
        return 2
    for name in wanted:
        print(f"\n== {name} ==", flush=True)
        import_module(f"bench.{name}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main())
