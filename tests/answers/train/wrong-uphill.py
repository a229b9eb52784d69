# The weights go along the gradient, not against it. [uphill]
import torch
from torch import nn


def train(net, trainloader, N_passes=1, lr=0.01):
    optimizer = None
    criterion = nn.MSELoss()
    losses = []
    for _ in range(N_passes):
        for images, labels in trainloader:
            net.zero_grad()
            loss = criterion(net(images), labels.float().unsqueeze(1) / 9)
            loss.backward()
            with torch.no_grad():
                for p in net.parameters():
                    p += lr * p.grad
            losses.append(loss.item())
    return losses
