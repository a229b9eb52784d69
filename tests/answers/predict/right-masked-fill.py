# All are c1, and those beyond the middle are filled with c2.
import torch


def predict(net, images):
    outputs = net(images).detach().reshape(-1)
    labels = torch.full((len(images),), c1)
    labels[outputs >= (c1 + c2) / 2 / 9] = c2
    return labels
