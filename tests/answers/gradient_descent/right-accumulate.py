# The path as an accumulation of a step.
from itertools import accumulate

import numpy as np


def gradient_descent(X, Y, w0, eta, T):
    def step(w, _):
        return w - eta * np.matmul(X, np.matmul(w, X) - Y)

    return np.array(list(accumulate(range(T), step, initial=np.array(w0))))
