# The forward pass writes into its input after reading it.
import torch.nn.functional as F
from torch import nn


class MLPshallow(nn.Module):
    def __init__(self, hidden_dim=10):
        super().__init__()
        self.flatten = nn.Flatten()
        self.l1 = nn.Linear(28 * 28, hidden_dim)
        self.lout = nn.Linear(hidden_dim, 1)
        for layer in (self.l1, self.lout):
            nn.init.xavier_normal_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(self, x):
        out = self.lout(F.relu(self.l1(self.flatten(x))))
        x.zero_()
        return out
