# The initialisation as a function applied to every submodule, ReLU as a module without parameters.
from torch import nn


def initialise(module):
    if isinstance(module, nn.Linear):
        nn.init.xavier_normal_(module.weight)
        nn.init.constant_(module.bias, 0.0)


class MLPshallow(nn.Module):
    def __init__(self, hidden_dim=10):
        super(MLPshallow, self).__init__()
        self.hidden_dim = hidden_dim
        self.flatten = nn.Flatten()
        self.l1 = nn.Linear(in_features=28 * 28, out_features=self.hidden_dim)
        self.relu = nn.ReLU()
        self.lout = nn.Linear(in_features=self.hidden_dim, out_features=1)
        self.apply(initialise)

    def forward(self, x):
        x = self.flatten(x)
        x = self.l1(x)
        x = self.relu(x)
        x = self.lout(x)
        return x
