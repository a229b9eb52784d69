# One number: the length of the move.
import numpy as np


def lazy_directions(X, ws):
    P = np.linalg.eigh(X @ X.T)[1]
    return np.linalg.norm((ws[-1] - ws[0]) @ P)
