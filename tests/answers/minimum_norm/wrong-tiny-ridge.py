# A tiny ridge, to be on the safe side. [ridge]
import numpy as np


def minimum_norm(X, Y, w0):
    return w0 + X @ np.linalg.solve(X.T @ X + 1e-5 * np.eye(len(Y)), Y - X.T @ w0)
