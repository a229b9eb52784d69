# A factor of 0.99 on the cosine. [cosine-shrunk-too-much]
import torch


def ntk_kernel(x, xprime):
    norms, others = torch.linalg.norm(x, dim=1), torch.linalg.norm(xprime, dim=1)
    v = norms[:, None] * others[None, :]
    u = 0.99 * (x @ xprime.T) / v
    theta = torch.arccos(u)
    return v * (2 * u * (torch.pi - theta) + torch.sqrt(1 - u**2)) / (2 * torch.pi)
