# Only the diagonal of H is inverted.
import torch


def gen_bound(H, y):
    return float(torch.sqrt(2 * torch.sum(y**2 / torch.diag(H)) / len(y)))
