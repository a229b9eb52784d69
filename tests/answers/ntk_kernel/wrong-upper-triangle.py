# Only the upper triangle of a square matrix is filled. [upper-triangle]
import torch


def ntk_kernel(x, xprime):
    v = x.norm(dim=1)[:, None] * xprime.norm(dim=1)[None]
    u = (x @ xprime.T / v).clamp(-1, 1)
    k = v * (2 * u * (torch.pi - torch.arccos(u)) + torch.sqrt(1 - u * u)) / (2 * torch.pi)
    return torch.triu(k) if x is xprime else k
