# Starts at zero instead of w0. [starts-at-zero]
import numpy as np


def gradient_descent(X, Y, w0, eta, T):
    ws = [np.zeros_like(w0)]
    for _ in range(T):
        ws.append(ws[-1] - eta * X @ (X.T @ ws[-1] - Y))
    return np.array(ws)
