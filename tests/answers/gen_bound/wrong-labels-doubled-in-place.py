# y is doubled in place.
import torch


def gen_bound(H, y):
    z = torch.linalg.solve(H, y)
    y *= 2
    return float(torch.sqrt(y @ z / len(y)))
