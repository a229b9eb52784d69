# Only the last iterate comes back. [last-only]
import numpy as np


def gradient_descent(X, Y, w0, eta, T):
    w = w0
    for _ in range(T):
        w = w - eta * X @ (X.T @ w - Y)
    return w[None]
