# The inverse of the Gram matrix, and a loop over the data's columns.
import numpy as np


def minimum_norm(X, Y, w0):
    alpha = np.linalg.inv(X.T @ X) @ (Y - w0 @ X)
    w = w0.copy()
    for a, column in zip(alpha, X.T):
        w += a * column
    return w
