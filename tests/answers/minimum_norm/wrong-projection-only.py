# Only the part of w0 that does not move. [still-part-only]
import numpy as np


def minimum_norm(X, Y, w0):
    A = np.linalg.pinv(X.T)
    return w0 - A @ (X.T @ w0)
