# All batches of a pass are put together: one step a pass. [full-batch]
import torch
from torch import nn, optim


def train(net, trainloader, N_passes=1, lr=0.01):
    optimizer = optim.SGD(net.parameters(), lr=lr)
    images = torch.cat([batch[0] for batch in trainloader])
    labels = torch.cat([batch[1] for batch in trainloader])
    losses = []
    for _ in range(N_passes):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(net(images), labels.float().unsqueeze(1) / 9)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
