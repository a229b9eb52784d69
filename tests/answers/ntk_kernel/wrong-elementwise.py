# Row i meets row i only: no pairs.
import torch


def ntk_kernel(x, xprime):
    v = x.norm(dim=1) * xprime.norm(dim=1)
    u = ((x * xprime).sum(dim=1) / v).clamp(-1, 1)
    theta = torch.arccos(u)
    return v * (2 * u * (torch.pi - theta) + torch.sqrt(1 - u**2)) / (2 * torch.pi)
