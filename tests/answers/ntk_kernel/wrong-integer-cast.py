# Only works in double precision: float32 inputs are refused.
import torch


def ntk_kernel(x, xprime):
    v = x.norm(dim=1)[:, None] * xprime.norm(dim=1)[None, :]
    u = (x @ xprime.T / v).clamp(-1, 1)
    theta = torch.arccos(u)
    if x.dtype != torch.float64:
        raise TypeError("float64, please")
    return v * (2 * u * (torch.pi - theta) + torch.sqrt(1 - u**2)) / (2 * torch.pi)
