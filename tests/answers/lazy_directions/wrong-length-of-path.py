# The lengths of all steps are added up. [length-of-path]
import numpy as np


def lazy_directions(X, ws):
    P = np.linalg.eigh(X @ X.T)[1]
    return np.abs(np.diff(ws, axis=0) @ P).sum(axis=0)
