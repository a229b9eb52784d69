# One pair written as a function, vmap for the rest.
import torch


def pair(x, y):
    v = torch.sqrt(x.dot(x) * y.dot(y))
    u = torch.clip(x.dot(y) / v, -1.0, 1.0)
    active = 1 - torch.acos(u) / torch.pi
    return v * (u * active + torch.sqrt(1 - u * u) / (2 * torch.pi))


def ntk_kernel(x, xprime):
    return torch.vmap(lambda row: torch.vmap(lambda other: pair(row, other))(xprime))(x)
