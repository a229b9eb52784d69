# Solved in single precision. [single-precision]
import torch


def gen_bound(H, y):
    return float(torch.sqrt(2 * y.float() @ torch.linalg.solve(H.float(), y.float()) / len(y)))
