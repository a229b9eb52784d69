# The gradient is summed point by point.
import numpy as np


def gradient_descent(X, Y, w0, eta, T):
    p, n = X.shape
    ws = np.empty((T + 1, p))
    ws[0, :] = w0
    for t in range(T):
        gradient = np.zeros(p)
        for j in range(n):
            gradient += X[:, j] * (np.dot(X[:, j], ws[t]) - Y[j])
        ws[t + 1, :] = ws[t] - eta * gradient
    return ws
