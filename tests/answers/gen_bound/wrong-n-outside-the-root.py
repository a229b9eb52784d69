# n stands outside of the root. [n-outside-the-root]
import torch


def gen_bound(H, y):
    return float(torch.sqrt(2 * y @ torch.linalg.solve(H, y)) / len(y))
