# An array that holds the number.
import torch


def gen_bound(H, y):
    z = torch.linalg.solve(H, y[:, None])
    return torch.sqrt(2 * y[None] @ z / len(y))
