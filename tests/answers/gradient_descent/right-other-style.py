# No loop: in the basis of eigenvectors each coordinate is a geometric sequence.
import numpy as np


def gradient_descent(X, Y, w0, eta, T):
    values, P = np.linalg.eigh(X @ X.T)
    source, start = P.T @ X @ Y, P.T @ w0
    t = np.arange(T + 1)[:, None]
    shrink = (1 - eta * values) ** t
    moving = values > 1e-10 * values.max()
    end = np.where(moving, source / np.where(moving, values, 1), start)
    return (end + shrink * (start - end)) @ P.T
