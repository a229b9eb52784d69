# where, with the threshold moved to the output's side.
import torch


def predict(net, images):
    outputs = net(images).detach().flatten()
    middle = (c1 + c2) / 18
    return torch.where(outputs > middle, torch.tensor(c2), torch.tensor(c1))
