# Row 0 is the iterate after the first step, as in the document. [start-left-out]
import numpy as np


def gradient_descent(X, Y, w0, eta, T):
    ws = np.zeros((T, len(w0)))
    w = w0
    for t in range(T):
        w = w - eta * X @ (X.T @ w - Y)
        ws[t] = w
    return ws
