# The distance of the absolute value to the labels.
import torch


def predict(net, images):
    with torch.no_grad():
        outputs = 9 * net(images).squeeze(1).abs()
    return torch.where((outputs - c1).abs() < (outputs - c2).abs(), c1, c2)
