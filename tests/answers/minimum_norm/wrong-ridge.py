# A ridge on the Gram matrix. [ridge]
import numpy as np


def minimum_norm(X, Y, w0):
    return w0 + X @ np.linalg.solve(X.T @ X + 1e-3 * np.eye(X.shape[1]), Y - X.T @ w0)
