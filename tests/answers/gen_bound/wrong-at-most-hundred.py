# n is taken to be at most 100.
import torch


def gen_bound(H, y):
    return float(torch.sqrt(2 * y @ torch.linalg.solve(H, y) / min(len(y), 100)))
