# The right values, but the caller's inputs are normalised in place. [inputs-normalised-in-place]
import torch


def ntk_kernel(x, xprime):
    if xprime is x:
        xprime = x.clone()
    nx, ny = x.norm(dim=1), xprime.norm(dim=1)
    x /= nx[:, None]
    xprime /= ny[:, None]
    u = (x @ xprime.T).clamp(-1, 1)
    return nx[:, None] * ny * (2 * u * (torch.pi - torch.arccos(u)) + torch.sqrt(1 - u * u)) / (2 * torch.pi)
