# The targets are hard-coded for the labels 1 and 3.
import torch
from torch import nn, optim


def train(net, trainloader, N_passes=1, lr=0.01):
    optimizer = optim.SGD(net.parameters(), lr=lr)
    criterion = nn.MSELoss()
    losses = []
    for _ in range(N_passes):
        for inputs, labels in trainloader:
            optimizer.zero_grad()
            loss = criterion(net(inputs), torch.where(labels == 1, 1 / 9, 3 / 9).unsqueeze(1))
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return losses
