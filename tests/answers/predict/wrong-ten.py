# The outputs are multiplied by ten. [other-factor]
import torch


def predict(net, images):
    with torch.no_grad():
        return torch.where(10 * net(images).squeeze(1) > (c1 + c2) / 2, c2, c1)
