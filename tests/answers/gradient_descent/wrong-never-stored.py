# The new weights get a new name, and the loop goes on with the old ones. [no-movement]
import numpy as np


def gradient_descent(X, Y, w0, eta, T):
    w, ws = w0, [w0]
    for t in range(T):
        new_w = w - eta * X @ (X.T @ w - Y)
        ws.append(w)
    return np.array(ws)
