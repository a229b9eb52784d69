# The limit from zero. [limit-from-zero]
import numpy as np


def minimum_norm(X, Y, w0):
    return np.linalg.pinv(X.T) @ Y
