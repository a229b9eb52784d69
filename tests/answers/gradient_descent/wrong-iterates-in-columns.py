# One iterate a column. [transposed]
import numpy as np


def gradient_descent(X, Y, w0, eta, T):
    ws = np.zeros((len(w0), T + 1))
    ws[:, 0] = w0
    for t in range(T):
        ws[:, t + 1] = ws[:, t] - eta * X @ (X.T @ ws[:, t] - Y)
    return ws
