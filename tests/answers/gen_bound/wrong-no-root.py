# The root is forgotten. [no-root]
import torch


def gen_bound(H, y):
    return float(2 * y @ torch.linalg.solve(H, y) / len(y))
