# κ₀ and κ₁ as functions of their own, and F.normalize.
import math

import torch
import torch.nn.functional as F


def kappa0(u):
    return 0.5 - torch.acos(u) / (2 * math.pi)


def kappa1(u):
    return u * kappa0(u) + ((1 - u) * (1 + u)).clamp_min(0).sqrt() / (2 * math.pi)


def ntk_kernel(x, xprime):
    u = torch.clamp(F.normalize(x) @ F.normalize(xprime).mT, -1.0, 1.0)
    lengths = torch.outer(torch.linalg.vector_norm(x, dim=1), torch.linalg.vector_norm(xprime, dim=1))
    return (x @ xprime.mT) * kappa0(u) + lengths * kappa1(u)
