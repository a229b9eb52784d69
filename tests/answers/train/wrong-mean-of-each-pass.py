# The mean loss of each pass. [one-loss-a-pass]
from torch import nn, optim


def train(net, trainloader, N_passes=1, lr=0.01):
    optimizer = optim.SGD(net.parameters(), lr=lr)
    criterion = nn.MSELoss()
    all_losses = []
    for _ in range(N_passes):
        losses = []
        for images, labels in trainloader:
            optimizer.zero_grad()
            loss = criterion(net(images), labels.float().unsqueeze(1) / 9)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        all_losses.append(sum(losses) / len(losses))
    return all_losses
