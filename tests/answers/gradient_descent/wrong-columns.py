# The iterates are columns of length one. [columns]
import numpy as np


def gradient_descent(X, Y, w0, eta, T):
    ws = [w0[:, None]]
    for _ in range(T):
        ws.append(ws[-1] - eta * X @ (X.T @ ws[-1] - Y[:, None]))
    return np.array(ws)
