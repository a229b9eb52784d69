# Absolute values before the difference. [difference-of-lengths]
import numpy as np


def lazy_directions(X, ws):
    P = np.linalg.eigh(X @ X.T)[1]
    return np.abs(np.abs(ws[-1] @ P) - np.abs(ws[0] @ P))
