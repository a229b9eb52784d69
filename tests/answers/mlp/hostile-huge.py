# A hundred million numbers instead of an answer.
import torch
from torch import nn


class MLPshallow(nn.Module):
    def __init__(self, hidden_dim=10):
        super().__init__()
        self.flatten = nn.Flatten()
        self.l1 = nn.Linear(784, hidden_dim)
        self.lout = nn.Linear(hidden_dim, 1)
        nn.init.zeros_(self.l1.weight)
        nn.init.zeros_(self.lout.weight)

    def forward(self, x):
        return torch.zeros(1).expand(100_000_000, 1).contiguous()
