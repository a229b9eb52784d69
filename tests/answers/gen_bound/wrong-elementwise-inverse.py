# The inverse of each entry. [inverse-by-entries]
import torch


def gen_bound(H, y):
    return float(torch.sqrt((2 * y @ (1 / H) @ y / len(y)).abs()))
