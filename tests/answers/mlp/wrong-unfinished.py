# The stub with nothing in it.
from torch import nn


class MLPshallow(nn.Module):
    def __init__(self, hidden_dim=10):
        super().__init__()

    def forward(self, x):
        return x
