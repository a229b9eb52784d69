# One array changed in place, and a copy of it for each row.
import numpy as np


def gradient_descent(X, Y, w0, eta, T):
    w = w0.copy()
    ws = [w.copy()]
    for _ in range(T):
        w -= eta * np.einsum("pn,n->p", X, np.einsum("pn,p->n", X, w) - Y)
        ws.append(w.copy())
    return np.stack(ws)
