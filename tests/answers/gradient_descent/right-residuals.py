# The residual is carried along: it follows a recursion of its own, with the n x n Gram matrix.
import numpy as np


def gradient_descent(X, Y, w0, eta, T):
    gram, residual = X.T @ X, X.T @ w0 - Y
    ws = np.zeros((T + 1, w0.size))
    ws[0] = w0
    for t in range(1, T + 1):
        ws[t] = ws[t - 1] - eta * X.dot(residual)
        residual = residual - eta * gram.dot(residual)
    return ws
