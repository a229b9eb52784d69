# The gradient is normalised to length one. [unit-steps]
import numpy as np


def gradient_descent(X, Y, w0, eta, T):
    ws = [w0]
    for t in range(T):
        gradient = X @ (X.T @ ws[-1] - Y)
        ws.append(ws[-1] - eta * gradient / np.linalg.norm(gradient))
    return np.array(ws)
