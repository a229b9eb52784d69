# Functional: parameters in a dictionary, gradients from torch.func, copied back at the end.
import torch
from torch.func import functional_call, grad_and_value


def train(net, trainloader, N_passes=1, lr=0.01):
    weights = {name: p.detach().clone() for name, p in net.named_parameters()}

    def loss_of(weights, images, labels):
        return ((functional_call(net, weights, (images,)).squeeze(-1) - labels / 9) ** 2).mean()

    losses = []
    for _ in range(N_passes):
        for images, labels in trainloader:
            slopes, loss = grad_and_value(loss_of)(weights, images, labels)
            weights = {name: w - lr * slopes[name] for name, w in weights.items()}
            losses.append(loss.item())
    with torch.no_grad():
        for name, p in net.named_parameters():
            p.copy_(weights[name])
    return losses
