# A list of new arrays.
import numpy as np


def gradient_descent(X, Y, w0, eta, T):
    w = w0
    ws = [w]
    for _ in range(T):
        residual = X.T @ w - Y
        w = w - eta * (X @ residual)
        ws.append(w)
    return np.array(ws)
