# Double precision, the angle from atan2 of the distances between normalised inputs, layer by layer.
import math

import torch


def ntk_kernel(x, xprime):
    a, b = x.double(), xprime.double()
    la, lb = a.norm(dim=1, keepdim=True), b.norm(dim=1, keepdim=True)
    a, b = a / la, b / lb
    theta = 2 * torch.atan2(torch.cdist(a, b), torch.cdist(a, -b))
    both_active = (math.pi - theta) / (2 * math.pi)
    first_layer = torch.cos(theta) * both_active
    last_layer = torch.cos(theta) * both_active + torch.sin(theta) / (2 * math.pi)
    return torch.einsum("il,jl,ij->ij", la, lb, first_layer + last_layer)
