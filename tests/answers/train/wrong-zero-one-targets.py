# Targets are 0 and 1. [zero-one-targets]
from torch import nn, optim


def train(net, trainloader, N_passes=1, lr=0.01):
    optimizer = optim.SGD(net.parameters(), lr=lr)
    losses = []
    for _ in range(N_passes):
        for inputs, labels in trainloader:
            optimizer.zero_grad()
            target = (labels.float().unsqueeze(1) - 1) / 2
            loss = nn.functional.mse_loss(net(inputs), target)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return losses
