# The same array stands in every row of the list, and w0 is overwritten. [one-array]
import numpy as np


def gradient_descent(X, Y, w0, eta, T):
    w, ws = w0, [w0]
    for _ in range(T):
        w -= eta * X @ (X.T @ w - Y)
        ws.append(w)
    return np.array(ws)
