# norm() without dim: one norm for the whole matrix.
import torch


def ntk_kernel(x, xprime):
    v = x.norm() * xprime.norm()
    u = (x @ xprime.T / v).clamp(-1, 1)
    theta = torch.arccos(u)
    return v * (2 * u * (torch.pi - theta) + torch.sqrt(1 - u**2)) / (2 * torch.pi)
