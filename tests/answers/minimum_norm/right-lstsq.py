# lstsq gives the solution of least norm of an underdetermined system.
import numpy as np


def minimum_norm(X, Y, w0):
    return w0 + np.linalg.lstsq(X.T, Y - X.T @ w0, rcond=None)[0]
