# An upper bound of the bound: everything is divided by the smallest eigenvalue.
import torch


def gen_bound(H, y):
    return float(torch.sqrt(2 * y @ y / torch.linalg.eigvalsh(H)[0] / len(y)))
