# One matrix and one vector, applied again and again.
import numpy as np


def gradient_descent(X, Y, w0, eta, T):
    shrink = np.identity(len(w0)) - eta * X @ X.T
    ws = [np.copy(w0)]
    while len(ws) <= T:
        ws.append(shrink @ ws[-1] + eta * (X @ Y))
    return np.vstack(ws)
