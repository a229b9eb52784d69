# An identity of the notebook's size.
import torch


def gen_bound(H, y):
    return float(torch.sqrt(2 * y @ torch.linalg.solve(H, torch.eye(200, dtype=H.dtype)) @ y / len(y)))
