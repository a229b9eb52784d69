# The mean over the rows. [mean-of-path]
import numpy as np


def lazy_directions(X, ws):
    P = np.linalg.eigh(X @ X.T)[1]
    return np.abs((ws - ws[0]) @ P).mean(axis=0)
