# The factor 2 under the root is missing. [factor-two]
import torch


def gen_bound(H, y):
    return float(torch.sqrt(y @ torch.linalg.solve(H, y) / len(y)))
