# Coordinate by coordinate.
import numpy as np


def lazy_directions(X, ws):
    P = np.linalg.eigh(X.dot(X.T))[1]
    moved = np.zeros(X.shape[0])
    for i in range(X.shape[0]):
        moved[i] = abs(np.dot(P[:, i], ws[-1]) - np.dot(P[:, i], ws[0]))
    return moved
