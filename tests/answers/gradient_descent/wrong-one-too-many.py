# range(T + 1) steps. [one-step-too-many]
import numpy as np


def gradient_descent(X, Y, w0, eta, T):
    ws = [w0]
    for t in range(T + 1):
        ws.append(ws[-1] - eta * X @ (X.T @ ws[-1] - Y))
    return np.array(ws)
