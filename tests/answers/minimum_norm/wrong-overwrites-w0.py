# The right result, written into w0. [overwrites-w0]
import numpy as np


def minimum_norm(X, Y, w0):
    w0 += X @ np.linalg.solve(X.T @ X, Y - X.T @ w0)
    return w0
