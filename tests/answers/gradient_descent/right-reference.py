# The document's loop, with the first iterate in row 0.
import numpy as np


def gradient_descent(X, Y, w0, eta, T):
    XXt, XY = X @ X.T, X @ Y
    ws = np.zeros((T + 1, len(w0)))
    ws[0] = w0
    for t in range(T):
        ws[t + 1] = ws[t] - eta * XXt @ ws[t] + eta * XY
    return ws
