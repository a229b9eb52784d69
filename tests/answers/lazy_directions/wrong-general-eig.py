# eig instead of eigh: eigenvectors of equal eigenvalues are not orthogonal.
import numpy as np


def lazy_directions(X, ws):
    values, P = np.linalg.eig(X @ X.T)
    P = P[:, np.argsort(values.real)].real
    return np.abs((ws[-1] - ws[0]) @ P)
