# The mean of the two layers' parts. [half-the-kernel]
import torch


def ntk_kernel(x, xprime):
    v = x.norm(dim=1)[:, None] * xprime.norm(dim=1)[None, :]
    u = (x @ xprime.T / v).clamp(-1, 1)
    theta = torch.arccos(u)
    first = u * (torch.pi - theta) / (2 * torch.pi)
    last = (u * (torch.pi - theta) + torch.sqrt(1 - u**2)) / (2 * torch.pi)
    return v * (first + last) / 2
