# The mean of the outputs decides for the whole batch.
import torch


def predict(net, images):
    with torch.no_grad():
        value = 9 * net(images).mean()
    return torch.full((len(images),), c2 if value > (c1 + c2) / 2 else c1)
