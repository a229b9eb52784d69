# Nothing but NaN.
import torch


def ntk_kernel(x, xprime):
    return torch.full((len(x), len(xprime)), float("nan"))
