# The residual, through the n x n Gram matrix.
import numpy as np


def minimum_norm(X, Y, w0):
    return w0 + X @ np.linalg.solve(X.T @ X, Y - X.T @ w0)
