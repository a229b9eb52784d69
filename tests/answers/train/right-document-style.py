# Losses as detached NumPy numbers, gradients reset by the network.
import torch


def train(net, trainloader, N_passes=1, lr=0.01):
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    losses = []
    i = 0
    for _ in range(N_passes):
        for inputs, labels in trainloader:
            i += 1
            net.zero_grad()
            outputs = net(inputs)
            target = (labels / 9).view(-1, 1)
            loss = torch.nn.functional.mse_loss(outputs, target)
            loss.backward()
            optimizer.step()
            losses.append(loss.detach().numpy())
    print(f"Number of gradient steps {i}")
    return losses
