# Half of the way: the mean of the start and the limit.
import numpy as np


def minimum_norm(X, Y, w0):
    return w0 + 0.5 * X @ np.linalg.solve(X.T @ X, Y - X.T @ w0)
