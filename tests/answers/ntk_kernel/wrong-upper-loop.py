# Only pairs with j > i are filled, then mirrored: the diagonal stays zero. [zero-for-equal-inputs]
import torch


def ntk_kernel(x, xprime):
    v = x.norm(dim=1)[:, None] * xprime.norm(dim=1)[None, :]
    u = (x @ xprime.T / v).clamp(-1, 1)
    theta = torch.arccos(u)
    k = v * (2 * u * (torch.pi - theta) + torch.sqrt(1 - u**2)) / (2 * torch.pi)
    if len(x) != len(xprime):
        return k
    k = torch.triu(k, diagonal=1)
    return k + k.T
