"""Trusted implementations in NumPy float64, for the hidden tests only. Nothing here needs torch.

Notation: x (n, d) and xprime (m, d) hold one input a row; u is the cosine of the angle θ between
two inputs, v the product of their norms. A network of one hidden layer is the tuple (W, b, a, c): W
(h, d), b (h,), a (1, h), c (1,).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

Array = np.ndarray
Weights = tuple[Array, Array, Array, Array]


def angles(x: Array, xprime: Array) -> tuple[Array, Array]:
    """θ and v, each (n, m), for non-zero rows. Exact near 0 and π, where arccos of the cosine loses
    half the digits: tan(θ/2) = |x̂ - x̂'| / |x̂ + x̂'| (Kahan 2006, "How futile are mindless
    assessments of roundoff", §12)."""
    norms, others = np.linalg.norm(x, axis=1), np.linalg.norm(xprime, axis=1)
    unit, other = x / norms[:, None], xprime / others[:, None]
    if len(unit) * len(other) * x.shape[1] <= 2**22:
        minus = np.linalg.norm(unit[:, None] - other[None], axis=2)
        plus = np.linalg.norm(unit[:, None] + other[None], axis=2)
        theta = 2 * np.arctan2(minus, plus)
    else:  # many images: no two of them are nearly parallel, the cosine is good to 1e-12
        theta = np.arccos(np.clip(unit @ other.T, -1, 1))
        if x is xprime:
            np.fill_diagonal(theta, 0.0)
    return theta, norms[:, None] * others[None]


def relu_ntk(x: Array, xprime: Array) -> Array:
    """The infinite-width tangent kernel (n, m) of m^(-1/2) Σ a_r relu(w_r·x), both layers trained,
    no bias.

    v [2u(π - θ) + √(1 - u²)] / 2π (Jacot et al. 2018; arc-cosine kernels of Cho & Saul 2009).
    """
    theta, v = angles(x, xprime)
    return v * (2 * np.cos(theta) * (np.pi - theta) + np.sin(theta)) / (2 * np.pi)


def network_ntk(x: Array, w: Array, a: Array, xprime: Array | None = None) -> Array:
    """The tangent kernel (n, m) of one finite network width^(-1/2) Σ a_r relu(w_r·x): w (width, d),
    a (width,). xprime: None stands for x."""
    other = x if xprime is None else xprime
    (gate, hidden), (gates, hiddens) = (
        ((before > 0) * a, np.maximum(before, 0)) for before in (x @ w.T, other @ w.T)
    )
    return ((x @ other.T) * (gate @ gates.T) + hidden @ hiddens.T) / len(a)


def forward(weights: Weights, x: Array) -> Array:
    """Outputs (n, 1) of a ReLU network of one hidden layer for inputs (n, d)."""
    w, b, a, c = weights
    return np.maximum(x @ w.T + b, 0) @ a.T + c


def gradients(weights: Weights, x: Array, slope: Array) -> Weights:
    """The gradients with respect to (W, b, a, c) of a loss whose slope at the outputs for inputs
    (n, d) is `slope` (n, 1)."""
    w, b, a, _ = weights
    before = x @ w.T + b
    back = (slope @ a) * (before > 0)
    return back.T @ x, back.sum(0), slope.T @ np.maximum(before, 0), slope.sum(0)


def sgd(
    weights: Weights, batches: list[tuple[Array, Array]], passes: int, lr: float
) -> tuple[list[float], Weights]:
    """Plain SGD on the mean square error against labels/9; batches of (inputs (B, d), labels (B,)).

    Returns the loss before each step, and the final weights.
    """
    w, b, a, c = (np.array(part, dtype=np.float64) for part in weights)
    losses = []
    for _ in range(passes):
        for x, labels in batches:
            error = forward((w, b, a, c), x) - np.asarray(labels)[:, None] / 9
            losses.append(float(np.mean(error**2)))
            steps = gradients((w, b, a, c), x, 2 * error / len(x))
            w, b, a, c = (part - lr * step for part, step in zip((w, b, a, c), steps, strict=True))
    return losses, (w, b, a, c)


def nearest_label(outputs: Array, c1: int, c2: int) -> Array:
    """Labels (n,): whichever of c1, c2 is nearer to nine times the output."""
    return np.where(np.abs(9 * outputs - c1) <= np.abs(9 * outputs - c2), c1, c2)


def gen_bound(h: Array, y: Array) -> float:
    """√(2 yᵀH⁻¹y / n) (Arora, Du, Hu, Li & Wang 2019, arXiv 1901.08584, Theorem 5.1)."""
    half = np.linalg.solve(np.linalg.cholesky(h), y)
    return float(np.sqrt(2 * half @ half / len(y)))


def gradient_descent(x: Array, y: Array, w0: Array, eta: float, steps: int) -> Array:
    """Iterates (steps + 1, p) of w ← w - η X(Xᵀw - y), for X (p, n), from row 0 = w0."""
    path = [np.asarray(w0, dtype=np.float64)]
    for _ in range(steps):
        path.append(path[-1] - eta * (x @ (x.T @ path[-1] - y)))
    return np.stack(path)


def lazy_directions(x: Array, ws: Array) -> Array:
    """|(ws[-1] - ws[0]) P| (p,), P the eigenvectors of XXᵀ in ascending order."""
    return np.abs((ws[-1] - ws[0]) @ np.linalg.eigh(x @ x.T)[1])


def minimum_norm(x: Array, y: Array, w0: Array) -> Array:
    """The solution of Xᵀw = y that is nearest to w0: w0 + X(XᵀX)⁻¹(y - Xᵀw0), for X (p, n) of rank
    n."""
    return w0 + x @ np.linalg.solve(x.T @ x, y - x.T @ w0)


def pixels(images: Array) -> Array:
    """uint8 images (n, 28, 28) as rows (n, 784) in [-1, 1], with the roundings of the students'
    float32 data."""
    scaled = images.reshape(len(images), -1).astype(np.float32) / np.float32(255)
    return ((scaled - np.float32(0.5)) / np.float32(0.5)).astype(np.float64)


@lru_cache(maxsize=1)
def fashion() -> tuple[Array, Array, Array, Array]:
    """The lab's data: 200 training images (rows) and labels, 2000 test images and labels."""
    from ntk_helpers.data import fashion_pair_arrays

    train, labels = fashion_pair_arrays(200, (1, 3))
    test, truth = fashion_pair_arrays(2000, (1, 3), split="test")
    return pixels(train), labels, pixels(test), truth


def regression(gram: Array, cross: Array, labels: Array) -> Array:
    """Kernel regression of labels/9: outputs (m,) at the rows of `cross` (m, n), given `gram` (n,
    n)."""
    return cross @ np.linalg.solve(gram, labels / 9)


@lru_cache(maxsize=1)
def kernel_predictions() -> Array:
    """What kernel regression with `relu_ntk` predicts on the 2000 test images: labels (2000,)."""
    x, labels, test, _ = fashion()
    return nearest_label(regression(relu_ntk(x, x), relu_ntk(test, x), labels), 1, 3)


def two_layer(w: Array, a: Array, x: Array) -> Array:
    """Outputs (n,) of m^(-1/2) Σ a_r relu(w_r·x): w (m, d), a (m,), x (n, d)."""
    return np.maximum(x @ w.T, 0) @ a / np.sqrt(len(a))


def loss_curve(values: Array, squares: Array, n: int, lr: float, times: Array) -> Array:
    """Σ (1 - 2 lr λ_i/n)^(2t) s_i / n for each t of `times`: λ in `values`, s in `squares`.

    One step of gradient descent multiplies the error along an eigenvector of eigenvalue λ by
    1 - 2 lr λ/n (Jacot et al. 2018, §5; Arora et al. 2019, arXiv 1901.08584, Theorem 4.1).
    """
    factors = (1 - 2 * lr * values / n) ** 2
    return np.power.outer(factors, times).T @ (squares / n)


def predicted_loss(k: Array, y: Array, lr: float, steps: int) -> Array:
    """The mean squared error (steps + 1,) of gradient descent from f = 0 with the kernel k
    (n, n)."""
    values, vectors = np.linalg.eigh(k)
    return loss_curve(values, (vectors.T @ y) ** 2, len(y), lr, np.arange(steps + 1))


def alignment(k: Array, y: Array) -> float:
    """yᵀky / (|y|² ‖k‖_F) (Cristianini et al. 2001, "On kernel-target alignment")."""
    return float(y @ k @ y / (y @ y * np.linalg.norm(k)))


def parity(n: int, seed: int, inputs: int = 30) -> tuple[Array, Array]:
    """What `ntk_helpers.rich.parity` draws from a torch generator with this seed: x (n, inputs), y
    (n,). torch's generator is the Mersenne Twister, and a draw of 0 or 1 its lowest bit."""
    twister = np.random.MT19937()
    twister._legacy_seeding(seed)
    bits = (twister.random_raw(n * inputs) & 1).astype(np.float64).reshape(n, inputs)
    signs = 2 * bits - 1
    return signs / np.sqrt(inputs), signs[:, 0] * signs[:, 1]
