# w0 is subtracted from the limit from zero. [subtracts-w0]
import numpy as np


def minimum_norm(X, Y, w0):
    return X @ np.linalg.solve(X.T @ X, Y) - w0
