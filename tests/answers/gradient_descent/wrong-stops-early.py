# Stops when the loss is small enough: fewer rows than asked for.
import numpy as np


def gradient_descent(X, Y, w0, eta, T):
    ws = [w0]
    for t in range(T):
        residual = X.T @ ws[-1] - Y
        if np.mean(residual**2) < 1e-12:
            break
        ws.append(ws[-1] - eta * X @ residual)
    return np.array(ws)
