# Gradient descent that is stopped too early.
import numpy as np


def minimum_norm(X, Y, w0):
    w = w0.copy()
    for _ in range(100):
        w -= 0.001 * X @ (X.T @ w - Y)
    return w
