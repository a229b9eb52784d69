# The moving directions from the small Gram matrix, the others from a QR completion.
import numpy as np


def lazy_directions(X, ws):
    p, n = X.shape
    values, V = np.linalg.eigh(X.T @ X)
    U = X @ V / np.sqrt(values)
    Q = np.linalg.qr(np.hstack([U, np.eye(p)]))[0]
    basis = np.hstack([Q[:, n:], U])
    return np.absolute(basis.T @ (ws[-1] - ws[0]))
