# Reads p.grad and subtracts it, then clears it.
import torch


def train(net, trainloader, N_passes=1, lr=0.01):
    losses = []
    for k in range(N_passes * len(trainloader)):
        if k % len(trainloader) == 0:
            batches = iter(trainloader)
        x, y = next(batches)
        error = net(x) - y[:, None] / 9
        loss = torch.mean(error * error)
        loss.backward()
        for p in net.parameters():
            p.data.add_(p.grad, alpha=-lr)
            p.grad = None
        losses += [loss.item()]
    return losses
