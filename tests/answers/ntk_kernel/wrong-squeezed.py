# squeeze() takes away the dimensions of length one. [squeezed]
import torch


def ntk_kernel(x, xprime):
    v = x.norm(dim=1)[:, None] * xprime.norm(dim=1)[None]
    u = (x @ xprime.T / v).clamp(-1, 1)
    return (v * (2 * u * (torch.pi - torch.arccos(u)) + torch.sqrt(1 - u * u)) / (2 * torch.pi)).squeeze()
