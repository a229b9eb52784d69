"""How far `autograder.lab.reference` is from mpmath at 50 digits and from neural-tangents and jax,
input by input."""

from __future__ import annotations

import sys

from bench.crosscheck.others import Row, against_jax, against_mpmath


def table(title: str, rows: list[Row]) -> None:
    print(f"\n{title}")
    for quantity in dict.fromkeys(row.quantity for row in rows):
        mine = sorted(
            (row for row in rows if row.quantity == quantity), key=lambda row: -row.deviation
        )
        for row in mine:
            mark = "  <- largest" if row is mine[0] else ""
            print(
                f"  {quantity:17} {row.case:28} {row.deviation:8.1e}  (at most "
                f"{row.limit:.0e}){mark}"
            )


def main() -> None:
    """Print the two tables; kernels are compared relative to |x||x'|, angles in radians, the rest
    relatively."""
    mpmath, jax = against_mpmath(), against_jax()
    table("against mpmath, 50 digits", mpmath)
    table("against neural-tangents (kernels, regression) and jax (the rest), float64", jax)
    far = [row for row in mpmath + jax if not row.deviation <= row.limit]
    print(f"\n{len(mpmath) + len(jax)} comparisons, {len(far)} beyond their limit")
    if far:
        sys.exit(1)
