# No absolute value. [signed]
import numpy as np


def lazy_directions(X, ws):
    P = np.linalg.eigh(X @ X.T)[1]
    return (ws[-1] - ws[0]) @ P
