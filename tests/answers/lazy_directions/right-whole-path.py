# The whole path in the new basis, then its two ends.
import numpy as np


def lazy_directions(X, ws):
    _, P = np.linalg.eigh(np.einsum("in,jn->ij", X, X))
    path = ws @ P
    return np.sqrt((path[-1, :] - path[0, :]) ** 2)
