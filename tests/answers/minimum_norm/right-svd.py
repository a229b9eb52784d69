# In the singular basis: the data decide the coordinates that they see, w0 all others.
import numpy as np


def minimum_norm(X, Y, w0):
    U, s, Vt = np.linalg.svd(X, full_matrices=False)
    seen = (Vt @ Y) / s
    return w0 - U @ (U.T @ w0) + U @ seen
