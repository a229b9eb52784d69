# Copied from the source document's two loops, with its bracket and its size of 200. [root-inside-the-bracket]
import torch


def ntk_kernel(x, xprime):
    K = torch.zeros(x.shape[0], xprime.shape[0])
    for i in range(x.shape[0]):
        for j in range(xprime.shape[0]):
            scale = torch.norm(x[i]) * torch.norm(xprime[j])
            u = 0.99999 * torch.dot(x[i], xprime[j]) / scale
            bracket = torch.pi - torch.arccos(u) + torch.sqrt(1 - u**2)
            K[i, j] = scale / (2 * torch.pi) * (u * (torch.pi - torch.arccos(u)) + u * bracket)
    return K
