# An interpolator, moved along a direction that the data do not see.
import numpy as np


def minimum_norm(X, Y, w0):
    w = np.linalg.pinv(X.T) @ Y
    free = np.ones(len(w0))
    free -= X @ np.linalg.solve(X.T @ X, X.T @ free)
    return w + free
