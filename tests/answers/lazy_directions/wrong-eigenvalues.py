# eigh's two results are mixed up: eigenvalues instead of eigenvectors.
import numpy as np


def lazy_directions(X, ws):
    P = np.linalg.eigh(X @ X.T)[0]
    return np.abs((ws[-1] - ws[0]) * P)
