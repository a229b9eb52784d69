# NumPy inside, a tensor outside.
import numpy as np
import torch


def ntk_kernel(x, xprime):
    a, b = x.detach().numpy().astype(float), xprime.detach().numpy().astype(float)
    v = np.outer(np.sqrt((a * a).sum(1)), np.sqrt((b * b).sum(1)))
    u = np.minimum(np.maximum(a @ b.T / v, -1), 1)
    s = np.sqrt(1 - u * u)
    return torch.from_numpy(v * (2 * u * (np.pi - np.arctan2(s, u)) + s) / (2 * np.pi))
