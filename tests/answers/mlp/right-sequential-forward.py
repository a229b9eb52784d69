# The forward pass as a Sequential of the three parts and a ReLU.
from collections import OrderedDict

from torch import nn


class MLPshallow(nn.Module):
    def __init__(self, hidden_dim=10):
        super().__init__()
        parts = OrderedDict(
            flatten=nn.Flatten(start_dim=1),
            l1=nn.Linear(28**2, hidden_dim),
            relu=nn.ReLU(),
            lout=nn.Linear(hidden_dim, 1),
        )
        for name, part in parts.items():
            self.add_module(name, part)
        for name, parameter in self.named_parameters():
            if name.endswith("weight"):
                nn.init.xavier_normal_(parameter)
            else:
                nn.init.zeros_(parameter)

    def forward(self, x):
        for part in self.children():
            x = part(x)
        return x
