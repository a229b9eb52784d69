"""Does loading cost less than training? ``python bench/loader.py`` prints both times and their
ratio.

The training step is the lab's: 784-1000-1 with ReLU, batch 32, mean squared error, SGD, one thread.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

import torch
from torch import nn

from ntk_helpers.data import fashion_pair, loader


def seconds(function: Callable[[], object], repeat: int = 15) -> float:
    """Return the median wall time of a call, in seconds, after one call that warms up."""
    function()
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return median(times)


def measure(n: int = 200, batch_size: int = 32) -> tuple[float, float]:
    """Return (loading, training): seconds for one pass over n images, per batch."""
    torch.set_num_threads(1)
    images, labels = fashion_pair(n)
    batches = loader(images, labels, batch_size)
    net = nn.Sequential(nn.Flatten(), nn.Linear(784, 1000), nn.ReLU(), nn.Linear(1000, 1))
    optimizer = torch.optim.SGD(net.parameters(), lr=1e-3)
    ready = list(batches)

    def load() -> None:
        for _ in batches:
            pass

    def train() -> None:
        for inputs, targets in ready:
            optimizer.zero_grad()
            nn.functional.mse_loss(net(inputs), targets.float().unsqueeze(1) / 9).backward()
            optimizer.step()

    return seconds(load) / len(ready), seconds(train) / len(ready)


def main() -> None:
    """Print both times and their ratio."""
    loading, training = measure()
    print(f"loading  {loading * 1e6:7.0f} µs a batch")
    print(f"training {training * 1e6:7.0f} µs a step")
    print(f"ratio    {loading / training:7.3f}")


if __name__ == "__main__":
    main()
