# The loss is computed again, after the step. [loss-after-step]
import torch
from torch import nn, optim


def train(net, trainloader, N_passes=1, lr=0.01):
    optimizer = optim.SGD(net.parameters(), lr=lr)
    criterion = nn.MSELoss()
    losses = []
    for _ in range(N_passes):
        for inputs, labels in trainloader:
            optimizer.zero_grad()
            target = labels.float().unsqueeze(1) / 9
            criterion(net(inputs), target).backward()
            optimizer.step()
            with torch.no_grad():
                losses.append(criterion(net(inputs), target).item())
    return losses
