# 1e-6 is added to the product of the norms.
import torch


def ntk_kernel(x, xprime):
    norms, others = torch.linalg.norm(x, dim=1), torch.linalg.norm(xprime, dim=1)
    v = norms[:, None] * others[None, :]
    u = 0.999999 * (x @ xprime.T) / (v + 1e-6)
    theta = torch.arccos(u)
    return v * (2 * u * (torch.pi - theta) + torch.sqrt(1 - u**2)) / (2 * torch.pi)
