# Stochastic: one data point a step. [one-point-a-step]
import numpy as np


def gradient_descent(X, Y, w0, eta, T):
    ws = np.empty((T + 1, len(w0)))
    ws[0] = w0
    for t in range(T):
        j = t % len(Y)
        ws[t + 1] = ws[t] - eta * (X[:, j] @ ws[t] - Y[j]) * X[:, j]
    return ws
