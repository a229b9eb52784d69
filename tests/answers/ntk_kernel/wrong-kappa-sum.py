# κ₀ + κ₁: the inner product of the first layer's part is forgotten. [sum-without-inner-product]
import torch


def ntk_kernel(x, xprime):
    v = x.norm(dim=1)[:, None] * xprime.norm(dim=1)[None, :]
    u = (x @ xprime.T / v).clamp(-1, 1)
    theta = torch.arccos(u)
    kappa0 = (torch.pi - theta) / (2 * torch.pi)
    kappa1 = u * kappa0 + torch.sqrt(1 - u**2) / (2 * torch.pi)
    return v * (kappa0 + kappa1)
