# Only the first of Cholesky's two triangular systems is solved. [half-solved]
import torch


def gen_bound(H, y):
    L = torch.linalg.cholesky(H)
    z = torch.linalg.solve_triangular(L, y[:, None], upper=False)[:, 0]
    return float(torch.sqrt((2 * y @ z / len(y)).abs()))
