# 3.14 for pi.
import torch


def ntk_kernel(x, xprime):
    v = x.norm(dim=1)[:, None] * xprime.norm(dim=1)[None, :]
    u = (x @ xprime.T / v).clamp(-1, 1)
    theta = torch.arccos(u)
    return v * (2 * u * (3.14 - theta) + torch.sqrt(1 - u**2)) / 6.28
