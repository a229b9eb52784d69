# Rounded, and clamped between the labels: 2 is left in the middle. [rounds]
import torch


def predict(net, images):
    with torch.no_grad():
        return (9 * net(images)).round().clamp(c1, c2).long().squeeze(1)
