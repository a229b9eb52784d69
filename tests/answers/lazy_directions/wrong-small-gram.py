# The eigenvectors of the n x n matrix.
import numpy as np


def lazy_directions(X, ws):
    P = np.linalg.eigh(X.T @ X)[1]
    return np.abs((ws[-1] - ws[0]) @ X @ P)
