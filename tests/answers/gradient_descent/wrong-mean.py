# Divided by the number of points. [divided-by-n]
import numpy as np


def gradient_descent(X, Y, w0, eta, T):
    ws = [w0]
    for _ in range(T):
        ws.append(ws[-1] - eta * X @ (X.T @ ws[-1] - Y) / X.shape[1])
    return np.array(ws)
