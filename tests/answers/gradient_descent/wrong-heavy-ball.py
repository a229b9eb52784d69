# With momentum.
import numpy as np


def gradient_descent(X, Y, w0, eta, T):
    ws, velocity = [w0], 0
    for t in range(T):
        velocity = 0.9 * velocity + X @ (X.T @ ws[-1] - Y)
        ws.append(ws[-1] - eta * velocity)
    return np.array(ws)
