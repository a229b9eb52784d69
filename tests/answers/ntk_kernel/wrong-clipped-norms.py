# Lengths above nine are cut off, those of x only.
import torch


def ntk_kernel(x, xprime):
    nx, ny = x.norm(dim=1).clamp(max=9.0), xprime.norm(dim=1)
    u = (x @ xprime.T / (x.norm(dim=1)[:, None] * ny)).clamp(-1, 1)
    return nx[:, None] * ny * (2 * u * (torch.pi - torch.arccos(u)) + torch.sqrt(1 - u * u)) / (2 * torch.pi)
