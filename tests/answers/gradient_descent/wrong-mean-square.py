# The gradient of the mean square error: 2 / n times what is asked for. [mean-square-gradient]
import numpy as np


def gradient_descent(X, Y, w0, eta, T):
    ws = [w0]
    for t in range(T):
        ws.append(ws[-1] - eta * 2 / len(Y) * X @ (X.T @ ws[-1] - Y))
    return np.array(ws)
