# The rows of P instead of its columns. [rows-of-p]
import numpy as np


def lazy_directions(X, ws):
    P = np.linalg.eigh(X @ X.T)[1]
    return np.abs(P @ (ws[-1] - ws[0]))
