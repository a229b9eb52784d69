"""Runs in the environment of neural-tangents: `python jax_side.py INPUTS.npz OUTPUTS.npz`.

For each case {"<quantity>/<case>/<argument>": array} of the inputs it computes the quantity with
neural-tangents, or with jax's own derivatives and decompositions, and writes {"<quantity>/<case>":
array}. Nothing of this project is used.
"""

from __future__ import annotations

import sys
import types
from collections import defaultdict
from collections.abc import Callable
from typing import Any

# neural-tangents imports its TensorFlow corner at once; nothing here needs it, nor TensorFlow.
sys.modules["neural_tangents.experimental"] = types.ModuleType("neural_tangents.experimental")

import jax  # noqa: E402

jax.config.update("jax_enable_x64", True)
# nearly all of the time goes into compiling, for each shape, what runs once
jax.config.update("jax_disable_most_optimizations", True)

import jax.numpy as jnp  # noqa: E402
import neural_tangents as nt  # noqa: E402
import numpy as np  # noqa: E402
from neural_tangents import stax  # noqa: E402


def network(width: int) -> tuple[Callable, Callable, Callable]:
    """m^(-1/2) Σ a_r relu(w_r·x / √d), as neural-tangents scales it: its kernels are 1/d of the
    lab's."""
    dense = {"W_std": 1.0, "b_std": None}
    return stax.serial(stax.Dense(width, **dense), stax.Relu(), stax.Dense(1, **dense))


def relu_ntk(x: np.ndarray, xprime: np.ndarray) -> jax.Array:
    return network(1)[2](x, xprime, "ntk") * x.shape[1]


def network_ntk(x: np.ndarray, w: np.ndarray, a: np.ndarray) -> jax.Array:
    apply = network(len(a))[1]
    params = [(w.T, None), (), (a[:, None], None)]
    return nt.empirical_ntk_fn(apply, trace_axes=(-1,))(x * np.sqrt(x.shape[1]), None, params)


def sgd(
    w: np.ndarray,
    b: np.ndarray,
    a: np.ndarray,
    c: np.ndarray,
    lr: np.ndarray,
    passes: np.ndarray,
    **batches: np.ndarray,
) -> jax.Array:
    def loss(parts: tuple, x: np.ndarray, labels: np.ndarray) -> jax.Array:
        w, b, a, c = parts
        outputs = jax.nn.relu(x @ w.T + b) @ a.T + c
        return jnp.mean((outputs[:, 0] - labels / 9) ** 2)

    step, parts, losses = jax.value_and_grad(loss), (w, b, a, c), []
    for _ in range(int(passes)):
        for i in range(len(batches) // 2):
            value, slopes = step(parts, batches[f"x{i}"], batches[f"labels{i}"])
            parts = jax.tree_util.tree_map(lambda p, s: p - lr * s, parts, slopes)
            losses.append(value)
    return jnp.concatenate([jnp.array(losses), *(p.ravel() for p in parts)])


def regression(gram: np.ndarray, cross: np.ndarray, labels: np.ndarray) -> jax.Array:
    """Where gradient flow from zero on the mean square error ends, by neural-tangents."""
    predict = nt.predict.gradient_descent_mse(gram, labels[:, None] / 9)
    return predict(t=None, fx_train_0=0.0, fx_test_0=0.0, k_test_train=cross)[1][:, 0]


def gen_bound(h: np.ndarray, y: np.ndarray) -> jax.Array:
    values, vectors = jnp.linalg.eigh(h)
    return jnp.sqrt(2 * jnp.sum((vectors.T @ y) ** 2 / values) / len(y))


def gradient_descent(
    x: np.ndarray, y: np.ndarray, w0: np.ndarray, eta: np.ndarray, steps: np.ndarray
) -> jax.Array:
    slope = jax.grad(lambda w: 0.5 * jnp.sum((x.T @ w - y) ** 2))
    path = [w0]
    for _ in range(int(steps)):
        path.append(path[-1] - eta * slope(path[-1]))
    return jnp.stack(path)


def lazy_directions(x: np.ndarray, ws: np.ndarray) -> jax.Array:
    left = jnp.linalg.svd(x, full_matrices=True)[0]  # by descending singular values
    return jnp.abs(left.T @ (ws[-1] - ws[0]))[::-1]


def minimum_norm(x: np.ndarray, y: np.ndarray, w0: np.ndarray) -> jax.Array:
    return w0 + jnp.linalg.lstsq(x.T, y - x.T @ w0)[0]


def main(source: str, target: str) -> None:
    cases: dict[tuple[str, str], dict[str, np.ndarray]] = defaultdict(dict)
    for name, value in np.load(source).items():
        quantity, case, argument = name.split("/")
        cases[quantity, case][argument] = value
    found: dict[str, Any] = {
        f"{q}/{case}": np.asarray(globals()[q](**given)) for (q, case), given in cases.items()
    }
    np.savez(target, **found)


if __name__ == "__main__":
    main(*sys.argv[1:])
