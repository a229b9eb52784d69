# No clamp; NaN is replaced by zero. [zero-for-equal-inputs]
import torch


def ntk_kernel(x, xprime):
    v = x.norm(dim=1)[:, None] * xprime.norm(dim=1)[None, :]
    u = 1.0000001 * (x @ xprime.T) / v
    theta = torch.arccos(u)
    return torch.nan_to_num(v * (2 * u * (torch.pi - theta) + torch.sqrt(1 - u**2)) / (2 * torch.pi))
