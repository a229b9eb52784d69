# The constant of integration is forgotten, and with it the root. [no-root]
import torch


def ntk_kernel(x, xprime):
    v = x.norm(dim=1)[:, None] * xprime.norm(dim=1)[None, :]
    u = (x @ xprime.T / v).clamp(-1, 1)
    theta = torch.arccos(u)
    return v * 2 * u * (torch.pi - theta) / (2 * torch.pi)
