# The cosine is clamped to 0.99 at most. [cosine-shrunk-too-much]
import torch


def ntk_kernel(x, xprime):
    v = x.norm(dim=1)[:, None] * xprime.norm(dim=1)[None, :]
    u = (x @ xprime.T / v).clamp(-0.99, 0.99)
    theta = torch.arccos(u)
    return v * (2 * u * (torch.pi - theta) + torch.sqrt(1 - u**2)) / (2 * torch.pi)
