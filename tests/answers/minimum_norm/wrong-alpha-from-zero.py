# The multipliers for a start at zero. [multipliers]
import numpy as np


def minimum_norm(X, Y, w0):
    alpha = np.linalg.solve(X.T @ X, Y)
    return alpha
