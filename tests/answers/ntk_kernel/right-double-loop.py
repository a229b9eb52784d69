# The document's way: a function of two vectors, and two loops.
import torch


def ntk_kernel(x, xprime):
    gram = torch.empty((len(x), len(xprime)))
    with torch.no_grad():
        for i in range(len(x)):
            for j in range(len(xprime)):
                v = torch.linalg.norm(x[i]) * torch.linalg.norm(xprime[j])
                u = 0.99999 * torch.dot(x[i], xprime[j]) / v
                gram[i, j] = (
                    v * (2 * u * (torch.pi - torch.arccos(u)) + torch.sqrt(1 - u**2)) / (2 * torch.pi)
                )
    return gram
