# The document's basis change.
import numpy as np


def lazy_directions(X, ws):
    eigvals, P = np.linalg.eigh(X @ X.T)
    return np.abs((ws[-1] - ws[0]) @ P)
