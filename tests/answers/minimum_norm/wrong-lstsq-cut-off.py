# lstsq with a generous cut-off.
import numpy as np


def minimum_norm(X, Y, w0):
    return w0 + np.linalg.lstsq(X.T, Y - X.T @ w0, rcond=0.5)[0]
