# The step size goes down like 1 / t. [shrinking-eta]
import numpy as np


def gradient_descent(X, Y, w0, eta, T):
    ws = [w0]
    for t in range(T):
        ws.append(ws[-1] - eta / (t + 1) * X @ (X.T @ ws[-1] - Y))
    return np.array(ws)
