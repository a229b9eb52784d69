"""Gram matrices: the document's double loop, a plain vectorised version, `gram` in tiles, and X·Xᵀ
alone."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from statistics import median

import torch

from ntk_helpers.data import fashion_pair
from ntk_helpers.kernels import gram

SIZES = (200, 1000, 1900, 4000)
LOOP = 40  # the double loop is timed on this many rows and columns, and extrapolated


def plain(x: torch.Tensor, xprime: torch.Tensor) -> torch.Tensor:
    """The kernel written as one expression over whole matrices."""
    norms = x.norm(dim=1)[:, None] * xprime.norm(dim=1)[None, :]
    u = (x @ xprime.T / norms).clamp(-1, 1)
    return norms * (2 * u * (math.pi - torch.arccos(u)) + torch.sqrt(1 - u * u)) / (2 * math.pi)


def tiled(x: torch.Tensor, xprime: torch.Tensor) -> torch.Tensor:
    """The same kernel for tiles: rows normalised once, every operation in place."""
    left, right = x.norm(dim=1, keepdim=True), xprime.norm(dim=1, keepdim=True)
    u = ((x / left) @ (xprime / right).T).clamp_(-1, 1)
    k = torch.arccos(u).neg_().add_(math.pi).mul_(u).mul_(2)
    k.add_(u.square_().neg_().add_(1).sqrt_())
    return k.mul_(left / (2 * math.pi)).mul_(right.T)


def loop(x: torch.Tensor, xprime: torch.Tensor) -> torch.Tensor:
    """One pair at a time, as in the source document (with the right bracket)."""
    result = torch.empty(len(x), len(xprime))
    for i in range(len(x)):
        for j in range(len(xprime)):
            v = torch.linalg.norm(x[i]) * torch.linalg.norm(xprime[j])
            u = 0.999999 * torch.dot(x[i], xprime[j]) / v
            result[i, j] = (
                v * (2 * u * (torch.pi - torch.arccos(u)) + torch.sqrt(1 - u**2)) / (2 * torch.pi)
            )
    return result


def milliseconds(work: Callable[[], object], repeat: int) -> float:
    work()
    times = []
    for _ in range(repeat):
        began = time.perf_counter()
        work()
        times.append(1e3 * (time.perf_counter() - began))
    return median(times)


def inputs(n: int, dtype: torch.dtype) -> torch.Tensor:
    """n flattened images; beyond the embedded 2000 of the pair, noisy copies (time does not depend
    on the values)."""
    x = fashion_pair(min(n, 2000))[0].flatten(1)
    if n > len(x):
        x = torch.cat(
            [x, x + 0.1 * torch.randn(len(x), 784, generator=torch.Generator().manual_seed(0))]
        )[:n]
    return x.to(dtype)


def main() -> None:
    """Print one line a size, dtype and number of threads: times (ms), and `gram` relative to the
    others."""
    print("threads  dtype    n   double loop*     plain      gram      X·Xᵀ  gram/plain  gram/X·Xᵀ")
    for threads in (1, 2):
        torch.set_num_threads(threads)
        for dtype in (torch.float32, torch.float64):
            for n in SIZES:
                x, repeat = inputs(n, dtype), 9 if n < 4000 else 5
                part = x[:LOOP]
                slow = milliseconds(lambda: loop(part, part), 1) * (n / LOOP) ** 2  # noqa: B023
                times = [
                    milliseconds(work, repeat)
                    for work in (lambda: plain(x, x), lambda: gram(tiled, x), lambda: x @ x.T)  # noqa: B023
                ]
                p, g, m = times
                name = str(dtype).removeprefix("torch.")
                print(
                    f"{threads:7} {name} {n:4} {slow:14.0f} {p:9.1f} {g:9.1f} {m:9.1f} "
                    f"{g / p:11.2f} {g / m:10.2f}"
                )
    torch.set_num_threads(1)
    print("* extrapolated from 40 x 40 pairs")


if __name__ == "__main__":
    main()
