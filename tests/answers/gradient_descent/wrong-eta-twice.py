# eta is in the gradient already, and in the step again. [eta-twice]
import numpy as np


def gradient_descent(X, Y, w0, eta, T):
    ws = [w0]
    for t in range(T):
        gradient = eta * X @ (X.T @ ws[-1] - Y)
        ws.append(ws[-1] - eta * gradient)
    return np.array(ws)
