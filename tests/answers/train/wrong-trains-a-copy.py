# A copy of the network is trained; the one that was given stays as it was. [no-step]
import copy

from torch import nn, optim


def train(net, trainloader, N_passes=1, lr=0.01):
    net = copy.deepcopy(net)
    optimizer = optim.SGD(net.parameters(), lr=lr)
    criterion = nn.MSELoss()
    losses = []
    for _ in range(N_passes):
        for images, labels in trainloader:
            optimizer.zero_grad()
            loss = criterion(net(images), labels.float().unsqueeze(1) / 9)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return losses
