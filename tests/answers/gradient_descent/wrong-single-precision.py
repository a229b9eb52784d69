# The rows are stored in single precision.
import numpy as np


def gradient_descent(X, Y, w0, eta, T):
    ws = np.empty((T + 1, len(w0)), dtype=np.float32)
    ws[0] = w0
    for t in range(T):
        ws[t + 1] = ws[t] - eta * X @ (X.T @ ws[t] - Y)
    return ws
