# A Cholesky factor of the Gram matrix, forward and backward.
import numpy as np


def minimum_norm(X, Y, w0):
    L = np.linalg.cholesky(np.dot(X.T, X))
    half = np.linalg.solve(L, Y - np.dot(X.T, w0))
    return w0 + np.dot(X, np.linalg.solve(L.T, half))
