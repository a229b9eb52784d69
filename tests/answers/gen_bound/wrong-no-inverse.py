# H instead of its inverse. [no-inverse]
import torch


def gen_bound(H, y):
    return float(torch.sqrt(2 * y @ H @ y / len(y)))
