# One step as a function of its own, the list from a comprehension.
import torch


def train(net, trainloader, N_passes=1, lr=0.01):
    optimiser = torch.optim.SGD(net.parameters(), lr=lr)

    def step(images, labels):
        net.train()
        target = labels.to(torch.float64).div(9).view_as(net(images))
        loss = torch.nn.MSELoss()(net(images).double(), target)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        return loss.item()

    return [step(*batch) for _ in range(N_passes) for batch in trainloader]
