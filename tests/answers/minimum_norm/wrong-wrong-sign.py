# The residual has the wrong sign. [residual-sign]
import numpy as np


def minimum_norm(X, Y, w0):
    return w0 + X @ np.linalg.solve(X.T @ X, X.T @ w0 - Y)
