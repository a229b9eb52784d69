# The predictions of the limit instead of its weights.
import numpy as np


def minimum_norm(X, Y, w0):
    return X.T @ (w0 + X @ np.linalg.solve(X.T @ X, Y - X.T @ w0))
