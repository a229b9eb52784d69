# The threshold 2 is written as a number. [hard-coded-threshold]
import torch


def predict(net, images):
    with torch.no_grad():
        return (c1 + (c2 - c1) * (9 * net(images) > 2)).squeeze(1)
