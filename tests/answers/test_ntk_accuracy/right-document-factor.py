# The same with the document's other factor, 0.99999.
import torch


def ntk_kernel(x, xprime):
    norms, others = torch.linalg.norm(x, dim=1), torch.linalg.norm(xprime, dim=1)
    v = norms[:, None] * others[None, :]
    u = 0.99999 * (x @ xprime.T) / v
    theta = torch.arccos(u)
    return v * (u * (torch.pi - theta) + torch.sqrt(1 - u**2)) / (2 * torch.pi) + v * u * (
        torch.pi - theta
    ) / (2 * torch.pi)
