# Room for T rows only, so the last iterate is missing. [end-left-out]
import numpy as np


def gradient_descent(X, Y, w0, eta, T):
    ws = np.empty((T, len(w0)))
    w = w0
    for t in range(T):
        ws[t] = w
        w = w - eta * X @ (X.T @ w - Y)
    return ws
