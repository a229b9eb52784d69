# The targets become the residual, in place.
import numpy as np


def minimum_norm(X, Y, w0):
    Y -= X.T @ w0
    return w0 + X @ np.linalg.solve(X.T @ X, Y)
