# A layer class of its own, which initialises itself.
import math

import torch
from torch import nn


class Layer(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        spread = math.sqrt(2.0 / (inputs + outputs))
        self.weight = nn.Parameter(spread * torch.randn(outputs, inputs))
        self.bias = nn.Parameter(torch.zeros(outputs))

    def forward(self, x):
        return torch.addmm(self.bias, x, self.weight.t())


class MLPshallow(nn.Module):
    def __init__(self, hidden_dim=10):
        super().__init__()
        self.flatten = nn.Flatten()
        self.l1 = Layer(784, hidden_dim)
        self.lout = Layer(hidden_dim, 1)

    def forward(self, x):
        z = self.l1(self.flatten(x))
        return self.lout(torch.maximum(z, torch.zeros_like(z)))
