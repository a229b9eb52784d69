# H is divided by n in place.
import torch


def gen_bound(H, y):
    n = len(y)
    H /= n
    return float(torch.sqrt(2 * y @ torch.linalg.solve(H, y)) / n)
