# The last layer's part alone. [last-layer-only]
import torch


def ntk_kernel(x, xprime):
    norms, others = torch.linalg.norm(x, dim=1), torch.linalg.norm(xprime, dim=1)
    v = norms[:, None] * others[None, :]
    u = (x @ xprime.T / v).clamp(-1, 1)
    theta = torch.arccos(u)
    return v * (u * (torch.pi - theta) + torch.sqrt(1 - u**2)) / (2 * torch.pi)
