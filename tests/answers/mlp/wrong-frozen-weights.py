# The weights are frozen after the initialisation.
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
        for parameter in self.parameters():
            parameter.requires_grad = False

    def forward(self, x):
        return self.lout(F.relu(self.l1(self.flatten(x))))
