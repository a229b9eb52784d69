# The sign of the output decides. [half]
import torch


def predict(net, images):
    with torch.no_grad():
        return torch.where(net(images).squeeze(1) > 0, c2, c1)
