# A QR decomposition of X.
import numpy as np


def minimum_norm(X, Y, w0):
    Q, R = np.linalg.qr(X)
    return w0 + Q @ np.linalg.solve(R.T, Y - X.T @ w0)
