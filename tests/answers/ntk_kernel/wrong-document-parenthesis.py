# The source document's formula: the closing parenthesis of arccos stands too late, so u multiplies the root. [root-inside-the-bracket]
import torch


def ntk_kernel(x, xprime):
    norms, others = torch.linalg.norm(x, dim=1), torch.linalg.norm(xprime, dim=1)
    v = norms[:, None] * others[None, :]
    u = 0.99999 * (x @ xprime.T) / v
    theta = torch.arccos(u)
    return (
        v
        * (u * (torch.pi - torch.arccos(u) + torch.sqrt(1 - u**2)) + u * (torch.pi - torch.arccos(u)))
        / (2 * torch.pi)
    )
