# What earlier cells define: the network, the trainer, the centred network and the loader. Never graded.
import torch
import torch.nn.functional as F
from torch import nn

from ntk_helpers.data import fashion_pair, loader
from ntk_helpers.training import Centered


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
        return self.lout(F.relu(self.l1(self.flatten(x))))


def train(net, trainloader, N_passes=1, lr=0.01):
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    losses = []
    for _ in range(N_passes):
        for inputs, labels in trainloader:
            optimizer.zero_grad()
            loss = nn.functional.mse_loss(net(inputs), labels.float().unsqueeze(1) / 9)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return losses


images, labels = fashion_pair(200, (1, 3))
trainloader = loader(images, labels, batch_size=32)
_ = torch.manual_seed(0)
