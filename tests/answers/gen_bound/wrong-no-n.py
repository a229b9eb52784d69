# Not divided by n. [not-divided-by-n]
import torch


def gen_bound(H, y):
    return float(torch.sqrt(2 * y @ torch.linalg.solve(H, y)))
