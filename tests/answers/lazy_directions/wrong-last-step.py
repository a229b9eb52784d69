# The last step only. [last-step]
import numpy as np


def lazy_directions(X, ws):
    P = np.linalg.eigh(X @ X.T)[1]
    return np.abs((ws[-1] - ws[-2]) @ P)
