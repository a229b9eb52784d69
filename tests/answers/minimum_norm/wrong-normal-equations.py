# The p x p normal equations, which are singular, with a little help. [big-normal-equations]
import numpy as np


def minimum_norm(X, Y, w0):
    return np.linalg.solve(X @ X.T + 1e-3 * np.eye(len(w0)), X @ Y)
