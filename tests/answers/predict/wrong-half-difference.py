# Half of the difference of the labels as the threshold. [half-difference]
import torch


def predict(net, images):
    with torch.no_grad():
        return torch.where(9 * net(images).squeeze(1) > (c2 - c1) / 2, c2, c1)
