# Cholesky: half of the inverse is enough.
import torch


def gen_bound(H, y):
    L = torch.linalg.cholesky(H)
    z = torch.linalg.solve_triangular(L, y.unsqueeze(1), upper=False)
    return (2 * z.pow(2).sum() / H.shape[0]).sqrt().item()
