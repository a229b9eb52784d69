# The first layer's spread is used for both layers. [one-spread]
import torch.nn.functional as F
from torch import nn


class MLPshallow(nn.Module):
    def __init__(self, hidden_dim=10):
        super().__init__()
        self.flatten = nn.Flatten()
        self.l1 = nn.Linear(784, hidden_dim)
        self.lout = nn.Linear(hidden_dim, 1)
        spread = (2 / (784 + hidden_dim)) ** 0.5
        for layer in (self.l1, self.lout):
            nn.init.normal_(layer.weight, std=spread)
            nn.init.zeros_(layer.bias)

    def forward(self, x):
        return self.lout(F.relu(self.l1(self.flatten(x))))
