# The movements are sorted by their own size. [sorted]
import numpy as np


def lazy_directions(X, ws):
    P = np.linalg.eigh(X @ X.T)[1]
    return np.sort(np.abs((ws[-1] - ws[0]) @ P))
