"""The inputs of the cross-check: {"<quantity>/<case>": arguments}, what `autograder.lab.reference`
says of them, and how far that may be from what others say."""

from __future__ import annotations

import numpy as np

from autograder.lab import reference

Arguments = dict[str, np.ndarray]
SEED = 20250


def kernels(rng: np.random.Generator) -> dict[str, Arguments]:
    """Pairs of inputs for kernels: angles from 1e-12 to π - 1e-12, norms over six decades,
    images."""
    turn = np.arange(6) * np.pi / 3
    tiny = 10.0 ** -np.arange(1, 13)
    images = reference.fashion()[0]
    plane = lambda theta: np.stack([np.cos(theta), np.sin(theta)], axis=1)  # noqa: E731
    first = rng.standard_normal((6, 50))
    sets = {
        "nearly parallel": (plane(tiny), plane(np.zeros(1))),
        "nearly antiparallel": (plane(np.pi - tiny), plane(np.zeros(1))),
        "parallel": (first[:3], 2.5 * first[:3]),
        "antiparallel": (first[:3], -0.3 * first[:3]),
        "hexagon": (plane(turn), plane(turn)),
        "plane": (plane(np.linspace(0.05, 3.1, 25)), plane(np.zeros(1))),
        "Gaussian, 3 dimensions": (rng.standard_normal((8, 3)), rng.standard_normal((7, 3))),
        "Gaussian, 50 dimensions": (first, rng.standard_normal((5, 50))),
        "norms 1e-3 to 1e3": (
            first * np.geomspace(1e-3, 1e3, 6)[:, None],
            rng.standard_normal((4, 50)),
        ),
        "images": (images[:6], images[100:106]),
    }
    return {name: {"x": x, "xprime": other} for name, (x, other) in sets.items()}


def definite(rng: np.random.Generator, n: int, condition: float) -> np.ndarray:
    """A symmetric matrix (n, n) with eigenvalues from 1/condition to 1."""
    base = np.linalg.qr(rng.standard_normal((n, n)))[0]
    h = (base * np.geomspace(1 / condition, 1, n)) @ base.T
    return (h + h.T) / 2


def small() -> dict[str, Arguments]:
    """What 50 digits can be had for in seconds."""
    rng = np.random.default_rng(SEED)
    found = {}
    for name, pair in kernels(rng).items():
        found[f"angles/{name}"] = found[f"relu_ntk/{name}"] = pair
    for name, (n, d, m) in {"narrow": (4, 3, 5), "wide": (3, 6, 64)}.items():
        net = {"w": rng.standard_normal((m, d)), "a": rng.standard_normal(m)}
        found[f"network_ntk/{name}"] = {"x": rng.standard_normal((n, d)), **net}
    for name, sizes in {
        "even batches": (4, 4),
        "a partial batch": (4, 4, 3),
        "single inputs": (1, 1, 1),
    }.items():
        shapes = {"w": (5, 6), "b": (5,), "a": (1, 5), "c": (1,)}
        batches = {f"x{i}": rng.standard_normal((size, 6)) for i, size in enumerate(sizes)}
        batches |= {f"labels{i}": rng.choice([1, 3], size) for i, size in enumerate(sizes)}
        weights = {part: rng.standard_normal(shape) / 2 for part, shape in shapes.items()}
        found[f"sgd/{name}"] = weights | {"lr": np.array(0.05), "passes": np.array(3)} | batches
    x, labels, test, _ = reference.fashion()
    few = np.r_[0:12, 100:112]
    found["regression/24 images"] = {
        "gram": reference.relu_ntk(x[few], x[few]),
        "cross": reference.relu_ntk(test[:20], x[few]),
        "labels": labels[few],
    }
    for condition in (20, 1e3, 1e6):
        for n in (12, 30):
            h, y = definite(rng, n, condition), rng.standard_normal(n)
            found[f"gen_bound/n = {n}, condition {condition:g}"] = {"h": h, "y": y}
    for p, n in ((9, 3), (14, 5)):
        x, y, w0 = rng.standard_normal((p, n)), rng.standard_normal(n), rng.standard_normal(p)
        found[f"gradient_descent/{p} x {n}"] = {
            "x": x,
            "y": y,
            "w0": w0,
            "eta": np.array(0.02),
            "steps": np.array(150),
        }
        found[f"minimum_norm/{p} x {n}"] = {"x": x, "y": y, "w0": w0}
        ws = reference.gradient_descent(x, y, w0, 0.02, 150)
        found[f"lazy_directions/{p} x {n}"] = {"x": x, "ws": ws}
    steep = definite(rng, 12, 1e3)[:, :6]
    found["minimum_norm/12 x 6, nearly dependent"] = {
        "x": steep,
        "y": rng.standard_normal(6),
        "w0": rng.standard_normal(12),
    }
    return found


def large() -> dict[str, Arguments]:
    """The lab's own sizes, for an implementation that computes in float64 too."""
    x, labels, test, _ = reference.fashion()
    gram, cross = reference.relu_ntk(x, x), reference.relu_ntk(test, x)
    return {
        "relu_ntk/200 images": {"x": x, "xprime": x},
        "relu_ntk/200 of 2000 test images": {"x": test[::10], "xprime": x},
        "regression/2000 test images": {"gram": gram, "cross": cross, "labels": labels},
    }


def by_reference(quantity: str, given: Arguments) -> np.ndarray:
    """What `autograder.lab.reference` computes, as one array."""
    if quantity == "angles":
        return reference.angles(**given)[0]
    if quantity == "sgd":
        count = sum(name.startswith("labels") for name in given)
        batches = [(given[f"x{i}"], given[f"labels{i}"]) for i in range(count)]
        weights = (given["w"], given["b"], given["a"], given["c"])
        losses, after = reference.sgd(weights, batches, int(given["passes"]), float(given["lr"]))
        return np.concatenate([losses, *(part.ravel() for part in after)])
    scalars = {name: value.item() for name, value in given.items() if value.ndim == 0}
    return np.asarray(getattr(reference, quantity)(**given | scalars))


def deviation(quantity: str, given: Arguments, found: np.ndarray, other: np.ndarray) -> float:
    """The largest deviation: of kernels relative to the norms, of angles in radians, else relative
    to the largest value."""
    if found.shape != other.shape:
        return float("inf")
    if quantity == "relu_ntk":
        norms = (np.linalg.norm(given[side], axis=1) for side in ("x", "xprime"))
        return float(np.max(np.abs(found - other) / np.outer(*norms)))
    if quantity == "angles":
        return float(np.max(np.abs(found - other)))
    return float(np.max(np.abs(found - other)) / np.max(np.abs(other)))
