# A large ridge, and between different images too. [diagonal-added]
import torch


def ntk_kernel(x, xprime):
    v = x.norm(dim=1)[:, None] * xprime.norm(dim=1)[None, :]
    u = (x @ xprime.T / v).clamp(-1, 1)
    theta = torch.arccos(u)
    k = v * (2 * u * (torch.pi - theta) + torch.sqrt(1 - u**2)) / (2 * torch.pi)
    return k + 200 * torch.eye(len(x), len(xprime))
