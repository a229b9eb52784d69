"""The moving picture of the first page: `python -m tools.site.motion` trains two networks and
writes down what they say on the way.

The second lab's task and network. g = α (f - f₀) is trained by full-batch gradient descent on the
mean squared error, with the learning rate η/α², so that with a kernel that stays the two trainings
would be one (Chizat, Oyallon and Bach 2019).
"""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import torch

from ntk_helpers.kernels import regression
from ntk_helpers.rich import TwoLayer, parity

PATH = Path(__file__).resolve().parents[2] / "site" / "data" / "motion.json"
ALPHAS = {"lazy": 20.0, "rich": 0.05}
TRAINING, SHOWN, LAST = 200, 80, 1500


def frames() -> list[int]:
    """The steps that are shown: every one at first, then ever fewer, each an eighth later."""
    steps = [0]
    while steps[-1] < LAST:
        steps.append(min(LAST, max(steps[-1] + 1, round(steps[-1] * 1.125))))
    return steps


def compute(until: int = LAST) -> dict[str, Any]:
    """What is drawn: for `SHOWN` new points their labels, what regression with the kernel of the
    start says of them, and for both networks what they say after each of `frames()`, up to the step
    `until`. Outputs are whole hundredths."""
    generator = torch.Generator().manual_seed(0)
    x, y = parity(TRAINING, generator)
    new, labels = parity(SHOWN, generator)
    start = TwoLayer(512, generator=generator)
    features, shown = _gradients(start, x), _gradients(start, new)
    K = (features @ features.T).double()
    kernel = regression(K, y.double(), (shown @ features.T).double())
    lr = TRAINING / (4 * float(torch.linalg.eigvalsh(K)[-1]))
    steps = [step for step in frames() if step <= until]
    outputs = {name: _train(start, alpha, x, y, new, lr, steps) for name, alpha in ALPHAS.items()}
    return {"steps": steps, "labels": labels.int().tolist(), "kernel": _whole(kernel), **outputs}


def _gradients(net: TwoLayer, x: torch.Tensor) -> torch.Tensor:
    """Gradients of the output with respect to all weights, (N, weights), by hand."""
    hidden = x @ net.w.T
    inward = ((hidden > 0) * net.a)[:, :, None] * x[:, None, :]
    return torch.cat([inward.flatten(1), hidden.relu()], dim=1).detach() / len(net.a) ** 0.5


def _train(
    start: TwoLayer,
    alpha: float,
    x: torch.Tensor,
    y: torch.Tensor,
    new: torch.Tensor,
    lr: float,
    steps: list[int],
) -> list[list[int]]:
    net, rows = copy.deepcopy(start), []
    optimizer = torch.optim.SGD(net.parameters(), lr=lr / alpha**2)
    with torch.no_grad():
        before, before_new = start(x), start(new)
    for step in range(steps[-1] + 1):
        if step in steps:
            with torch.no_grad():
                rows.append(_whole(alpha * (net(new) - before_new)[:, 0]))
        optimizer.zero_grad()
        loss = ((alpha * (net(x) - before)[:, 0] - y) ** 2).mean()
        loss.backward()
        optimizer.step()
    return rows


def _whole(values: torch.Tensor) -> list[int]:
    return (100 * values).round().int().tolist()


def main() -> None:
    PATH.write_text(json.dumps(compute(), separators=(",", ":")) + "\n")
    print(f"{PATH.name}: {PATH.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
