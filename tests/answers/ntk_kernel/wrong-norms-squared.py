# Squared norms, in the cosine and in front of it. [norms-squared]
import torch


def ntk_kernel(x, xprime):
    v = (x**2).sum(dim=1)[:, None] * (xprime**2).sum(dim=1)[None, :]
    u = (x @ xprime.T / v).clamp(-1, 1)
    theta = torch.arccos(u)
    return v * (2 * u * (torch.pi - theta) + torch.sqrt(1 - u**2)) / (2 * torch.pi)
