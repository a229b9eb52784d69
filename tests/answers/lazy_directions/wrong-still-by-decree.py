# The other coordinates are set to zero without looking. [still-by-decree]
import numpy as np


def lazy_directions(X, ws):
    P = np.linalg.eigh(X @ X.T)[1]
    moved = np.abs((ws[-1] - ws[0]) @ P)
    moved[: -X.shape[1]] = 0
    return moved
