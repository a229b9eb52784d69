# The labels are normalised first. [labels-normalised]
import torch


def gen_bound(H, y):
    y = y / y.norm()
    return float(torch.sqrt(2 * y @ torch.linalg.solve(H, y) / len(y)))
