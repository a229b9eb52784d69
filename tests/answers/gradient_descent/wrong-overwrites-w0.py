# Right iterates, but w0 is changed in the caller's hands. [overwrites-w0]
import numpy as np


def gradient_descent(X, Y, w0, eta, T):
    ws = [w0.copy()]
    for _ in range(T):
        w0 -= eta * X @ (X.T @ w0 - Y)
        ws.append(w0.copy())
    return np.array(ws)
