# The solution's squared norm: the inverse is applied twice. [squared-norm]
import torch


def gen_bound(H, y):
    z = torch.linalg.solve(H, y)
    return float(torch.sqrt(2 * torch.dot(z, z) / len(y)))
