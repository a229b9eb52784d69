# Targets are labels / 10: every accuracy holds, the task is another one. [other-scale]
from torch import nn, optim


def train(net, trainloader, N_passes=1, lr=0.01):
    optimizer = optim.SGD(net.parameters(), lr=lr)
    criterion = nn.MSELoss()
    losses = []
    for _ in range(N_passes):
        for inputs, labels in trainloader:
            optimizer.zero_grad()
            loss = criterion(net(inputs), labels.float().unsqueeze(1) / 10)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return losses
