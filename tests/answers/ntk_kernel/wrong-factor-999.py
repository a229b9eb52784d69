# A factor of 0.999 on the cosine. [cosine-shrunk-too-much]
import torch


def ntk_kernel(x, xprime):
    v = x.norm(dim=1)[:, None] * xprime.norm(dim=1)[None, :]
    u = 0.999 * (x @ xprime.T) / v
    theta = torch.arccos(u)
    return v * (2 * u * (torch.pi - theta) + torch.sqrt(1 - u**2)) / (2 * torch.pi)
