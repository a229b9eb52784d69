# In the basis of eigenvectors, in NumPy.
import numpy as np


def gen_bound(H, y):
    values, vectors = np.linalg.eigh(H.numpy())
    return float(np.sqrt(2 * np.mean((vectors.T @ y.numpy()) ** 2 / values)))
