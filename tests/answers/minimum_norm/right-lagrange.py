# The constrained problem with its multipliers, as one large linear system.
import numpy as np


def minimum_norm(X, Y, w0):
    p, n = X.shape
    system = np.block([[np.eye(p), X], [X.T, np.zeros((n, n))]])
    return np.linalg.solve(system, np.concatenate([w0, Y]))[:p]
