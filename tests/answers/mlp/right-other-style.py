# Weights drawn by hand with the spread of Xavier's rule, the forward pass written with clamp and matrix products.
import torch
from torch import nn


class MLPshallow(nn.Module):
    def __init__(self, hidden_dim=10):
        super().__init__()
        self.flatten = nn.Flatten(start_dim=1)
        self.l1 = nn.Linear(784, hidden_dim)
        self.lout = nn.Linear(hidden_dim, 1)
        with torch.no_grad():
            for layer in (self.l1, self.lout):
                outgoing, incoming = layer.weight.shape
                layer.weight.copy_(torch.randn(outgoing, incoming) * (2 / (incoming + outgoing)) ** 0.5)
                layer.bias.fill_(0)

    def forward(self, images):
        rows = self.flatten(images)
        hidden = (rows @ self.l1.weight.T + self.l1.bias).clamp(min=0)
        return hidden @ self.lout.weight.T + self.lout.bias
