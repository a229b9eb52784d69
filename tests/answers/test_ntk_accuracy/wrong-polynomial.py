# A polynomial kernel: accurate, and another one.
import torch


def ntk_kernel(x, xprime):
    return (1 + x @ xprime.T / 784) ** 3
