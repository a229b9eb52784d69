# The inverse root of H, applied to y.
import numpy as np
import torch


def gen_bound(H, y):
    values, vectors = torch.linalg.eigh(H)
    white = (vectors.T @ y) / values.sqrt()
    return np.sqrt(2 / len(H)) * white.norm().item()
