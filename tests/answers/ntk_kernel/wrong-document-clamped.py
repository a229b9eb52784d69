# The document's bracket, with a clamp. [root-inside-the-bracket]
import torch


def ntk_kernel(x, xprime):
    v = x.norm(dim=1)[:, None] * xprime.norm(dim=1)[None, :]
    u = (x @ xprime.T / v).clamp(-1, 1)
    theta = torch.arccos(u)
    kappa0 = (torch.pi - theta) / (2 * torch.pi)
    kappa1 = u * ((torch.pi - theta) + torch.sqrt(1 - u**2)) / (2 * torch.pi)
    return v * (u * kappa0 + kappa1)
