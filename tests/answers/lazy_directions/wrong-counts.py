# The number of coordinates that move.
import numpy as np


def lazy_directions(X, ws):
    P = np.linalg.eigh(X @ X.T)[1]
    return np.sum(np.abs((ws[-1] - ws[0]) @ P) > 1e-9)
