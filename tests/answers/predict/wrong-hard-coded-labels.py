# The labels 1 and 3 are written as numbers. [hard-coded-labels]
import torch


def predict(net, images):
    with torch.no_grad():
        return torch.where(9 * net(images).squeeze(1) > (c1 + c2) / 2, 3, 1)
