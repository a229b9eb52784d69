# The whole path comes back, not its two ends.
import numpy as np


def lazy_directions(X, ws):
    P = np.linalg.eigh(X @ X.T)[1]
    return np.abs((ws - ws[0]) @ P)
